import Foundation
import GRDB
import Pacing
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("The call book that processes share")
struct SharedCallBookTests {
    private let temporary: TemporaryStore
    private let timekeeper = LeapingTimekeeper()
    private var path: String { temporary.directory + "/pacing.sqlite" }

    init() throws { temporary = try TemporaryStore() }

    /// A process of its own as far as the database can tell: each has its own connection.
    private func open(
        account: String = "account", isPastKnown: Bool = true, bootID: String = "boot",
        busyTimeout: Duration = .seconds(10)
    ) throws -> SharedCallBook {
        try SharedCallBook(
            directory: temporary.directory, account: account, isPastKnown: isPastKnown,
            timekeeper: timekeeper, bootID: bootID, busyTimeout: busyTimeout)
    }

    private func budget(_ limits: [CallLimit], _ book: SharedCallBook) -> WindowCallBudget {
        WindowCallBudget(limits: limits, book: book, timekeeper: timekeeper)
    }

    private static let hour = [CallLimit(calls: 10, length: .seconds(3600))]

    @Test("shared it keeps the rule", arguments: CallBudgetConformance.rules)
    func conformance(rule: CallBudgetConformance.Rule) async {
        let subject = CallBudgetSubject(timekeeper: timekeeper) { budget($0, try open()) }
        #expect(await rule.findings(in: subject) == [])
    }

    @Test("accounts have nothing to do with each other")
    func accounts() async throws {
        #expect(try await budget(Self.hour, try open(account: "a")).lease(upTo: 10).calls == 10)
        #expect(try await budget(Self.hour, try open(account: "b")).lease(upTo: 10).calls == 10)
    }

    @Test("after a reboot the windows and the pause go on where they were, whatever the wall clock says")
    func reboot() async throws {
        let before = budget(Self.hour, try open())
        _ = try await before.lease(upTo: 10)
        timekeeper.advance(by: .seconds(600))
        try await before.pause(until: timekeeper.now().monotonic + .seconds(60))
        // The new boot's clock stands at 100 s, and the wall clock was set forward by a year.
        let rebooted = LeapingTimekeeper(monotonic: .seconds(100), wall: WallTime(seconds: 1_826_668_800))
        let book = try SharedCallBook(
            directory: temporary.directory, account: "account", isPastKnown: true, timekeeper: rebooted,
            bootID: "next boot")
        _ = try await WindowCallBudget(limits: Self.hour, book: book, timekeeper: rebooted).lease(upTo: 1)
        let opened = rebooted.now().monotonic
        #expect((.seconds(3000) ... .seconds(3020)).contains(opened), "\(opened)")
    }

    @Test("a clock that goes back within a boot stands still")
    func backwards() async throws {
        _ = try await budget(Self.hour, try open()).lease(upTo: 10)
        let slow = LeapingTimekeeper(monotonic: .seconds(10))
        let book = try SharedCallBook(
            directory: temporary.directory, account: "account", isPastKnown: true, timekeeper: slow,
            bootID: "boot")
        _ = try await WindowCallBudget(limits: Self.hour, book: book, timekeeper: slow).lease(upTo: 1)
        #expect(slow.now().monotonic >= .seconds(4600))
    }

    @Test("a book that was lost begins with every window used up, once")
    func lost() async throws {
        _ = try await budget(Self.hour, try open()).lease(upTo: 1)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        let began = timekeeper.now().monotonic
        _ = try await budget(Self.hour, try open(isPastKnown: false)).lease(upTo: 1)
        #expect(timekeeper.now().monotonic - began >= .seconds(3600))
        let again = timekeeper.now().monotonic
        _ = try await budget(Self.hour, try open(isPastKnown: false)).lease(upTo: 1)
        #expect(timekeeper.now().monotonic == again)
    }

    @Test("the database stays small however many calls are booked")
    func size() async throws {
        let book = try open()
        let limits = [
            CallLimit(calls: 1000, length: .seconds(20)), CallLimit(calls: 90_000, length: .seconds(3600)),
        ]
        let budget = budget(limits, book)
        for _ in 0..<1000 { _ = try await budget.lease(upTo: 16) }
        try book.close()
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect(try #require(size) < 100_000)
    }

    @Test("a damaged file is refused with what to do, and is left as it is")
    func damaged() async throws {
        let book = try open()
        try book.close()
        let database = try DatabaseQueue(path: path)
        try await database.write { try $0.execute(sql: "UPDATE book SET content = x'3131'") }
        try database.close()
        let damaged = try open()
        await #expect(throws: RunStoreError.self) { _ = try await budget(Self.hour, damaged).lease(upTo: 1) }
        try damaged.close()
        let junk = Data("this is no database, but it is long enough to be looked at".utf8)
        try junk.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: RunStoreError.self) { _ = try open() }
        #expect(error?.code == .unusable)
        #expect(error?.message.contains("remove it with its -wal and -shm") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == junk)
    }

    @Test("a database that another process holds is busy after its time, and nothing is leased")
    func busy() async throws {
        let book = try open(busyTimeout: .milliseconds(50))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: path, configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        do {
            _ = try await budget(Self.hour, book).lease(upTo: 1)
            Issue.record("a lease without the book")
        } catch let error as RunStoreError {
            #expect(error.code == .busy)
        }
        try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await budget(Self.hour, book).lease(upTo: 10).calls == 10)
    }

    @Test("a disk that is full leases nothing, and goes on when there is room")
    func full() async throws {
        let book = try open()
        let limits = [3600, 7200].map { CallLimit(calls: 100_000, length: .seconds($0)) }
        let budget = budget(limits, book)
        _ = try await budget.lease(upTo: 1)
        func limit(_ pages: String) async throws {
            try await book.queue.writeWithoutTransaction { database in
                let count = try Int.fetchOne(database, sql: "SELECT \(pages)") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(count)")
            }
        }
        try await limit("page_count FROM pragma_page_count")
        let error = await #expect(throws: RunStoreError.self) {
            for _ in 0..<1000 {
                timekeeper.advance(by: .seconds(5))
                _ = try await budget.lease(upTo: 1)
            }
        }
        #expect(error?.code == .disk)
        try await limit("1000000")
        #expect(try await budget.lease(upTo: 1).calls == 1)
    }
}
