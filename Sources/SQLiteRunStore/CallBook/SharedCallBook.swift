import FoundationEssentials
import GRDB
package import Pacing
package import Runs

/// The call books of a state directory, in an SQLite database of their own, `pacing.sqlite`: shared by all processes
/// that call for an account, and kept over restarts.
///
/// One row an account; a transaction reads it, changes it and writes it back, some 10 KB at most. WAL with synchronous
/// FULL: not even a power cut makes it forget a call ("commits are durable", https://sqlite.org/pragma.html
/// #pragma_synchronous). So a reboot needs no windows counted as used up: the clock of the new boot began after the
/// last time in the book, and the book is carried over from there. A sync for each slot of 20 ms and more is little
/// beside those of the checkpoint.
package final class SharedCallBook: CallBookKeeper {
    package let path: String
    private let account: String
    private let bootID: String
    private let timekeeper: any Timekeeper
    let queue: DatabaseQueue

    /// Opens the account's book, and makes it where there is none.
    /// - Parameters:
    ///   - account: its identity.
    ///   - isPastKnown: of a book that is made now, whether the account has never been called; else all its windows
    ///     begin used up, because the book may have been lost.
    /// - Throws: `RunStoreError` with `.unusable`, `.busy` or `.disk`.
    package init(
        directory: String, account: String, isPastKnown: Bool, timekeeper: any Timekeeper,
        bootID: String = ProcessFacts.current().bootID, busyTimeout: Duration = .seconds(10)
    ) throws {
        path = directory + "/pacing.sqlite"
        self.account = account
        self.bootID = bootID
        self.timekeeper = timekeeper
        try StateDirectory.prepare(directory, database: path)
        let new = Self.pack(CallBook(isPastKnown: isPastKnown))
        let clock = timekeeper.now().monotonic.wholeMilliseconds
        queue = try Self.translating(path) { [path] in
            try SQLiteStore.retryingWhileBusy(for: busyTimeout) {
                var configuration = Configuration()
                configuration.label = "pacing"
                configuration.busyMode = .timeout(busyTimeout / .seconds(1))
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.inDatabase { database in
                    try Self.settle(database, path: path)
                    try database.inTransaction(.immediate) {
                        try database.execute(
                            sql: "INSERT INTO book VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                            arguments: [account, bootID, clock, new])
                        return .commit
                    }
                }
                return queue
            }
        }
    }

    package func close() throws { try Self.translating(path) { try queue.close() } }

    package func update<Value: Sendable>(
        _ work: @escaping @Sendable (inout CallBook, Moment) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { [self] database in
                continuation.resume(
                    with: Result { try Self.translating(path) { try update(database, work) } })
            }
        }
    }

    private func update<Value>(
        _ database: Database, _ work: (inout CallBook, Moment) -> Value
    ) throws -> Value {
        var value: Value?
        // The write lock is taken before the clock is read: of two transactions the later one has the later time.
        try database.inTransaction(.immediate) {
            var (book, clock) = try read(database)
            var now = timekeeper.now()
            // Within a boot the clock never goes back; should it do so all the same, time stands still.
            now = Moment(monotonic: max(now.monotonic, clock), wall: now.wall)
            value = work(&book, now)
            try database.cachedStatement(
                sql: "UPDATE book SET boot = ?, clock = ?, content = ? WHERE account = ?"
            ).execute(arguments: [bootID, now.monotonic.wholeMilliseconds, Self.pack(book), account])
            return .commit
        }
        guard let value else { throw StoreMessages.internalFault("a transaction without a result") }
        return value
    }

    /// The book on this boot's clock, and the last time that it has seen on it.
    private func read(_ database: Database) throws -> (book: CallBook, clock: Duration) {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT boot, clock, content FROM book WHERE account = ?"),
            arguments: [account])
        guard let row else { throw StoreMessages.damagedBook(path, "the account's book is gone") }
        let (boot, clock): (String, Int64) = (row[0], row[1])
        let book = try Self.unpack(row[2])
        if boot == bootID { return (book, .milliseconds(clock)) }
        return (book.shifted(by: .milliseconds(clock)), .zero)
    }

    private static func translating<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        try SQLiteStore.translating(path) {
            do {
                return try work()
            } catch let fault as PackedFault {
                throw StoreMessages.damagedBook(path, "a book does not read on from byte \(fault.offset)")
            } catch let error as DatabaseError where StoreMessages.isDamage(error) {
                throw StoreMessages.damagedBook(path, "\(error.message ?? "nothing") (\(error.resultCode))")
            }
        }
    }
}
