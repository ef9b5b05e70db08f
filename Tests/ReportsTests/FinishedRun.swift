import Foundation
import Gzip
import InstructionFiles
import Instructions
import Pacing
import Runs
import Testing

@testable import Reports

/// A history in memory that notes how it is read.
actor FakeHistory: RunHistory {
    var settled: [Settlement]
    var counted: [OutcomeSum]?
    private(set) var pages: [Int] = []

    init(_ settled: [Settlement]) { self.settled = settled }

    func replace(row: Int, _ change: @Sendable (inout Settlement) -> Void) {
        for index in settled.indices where settled[index].row == row { change(&settled[index]) }
    }

    func remove(row: Int) { settled.removeAll { $0.row == row } }

    func count(as sums: [OutcomeSum]) { counted = sums }

    func runs() -> [RunRecord] { [] }

    func run(named prefix: String) throws -> RunRecord {
        throw RunStoreError(code: .noSuchRun, message: prefix)
    }

    func sums(of run: RunRecord) throws -> [OutcomeSum] { try counted ?? Self.sums(settled) }

    func settlements(of run: RunRecord, after row: Int, limit: Int) -> [Settlement] {
        let page = Array(settled.lazy.filter { $0.row > row }.prefix(limit))
        pages.append(page.count)
        return page
    }

    func attempts(of run: RunRecord, row: Int) -> [Attempt] {
        [1, 2].map { number in
            Attempt(
                row: row, number: number, generation: number, key: "BASE-\(row)-\(number)", action: .cancel,
                intentID: "intent\(row)", snapshot: nil, amount: nil, lines: [], body: [],
                openedAt: WallTime(milliseconds: 0), timeout: .seconds(1), answer: nil)
        }
    }

    func intentIDs(of run: RunRecord, rows: [Int]) -> [Int: String] { [:] }

    func attemptCounts(
        of run: RunRecord, from start: WallTime, every milliseconds: Int64, stretches: Int
    ) -> [Int] {
        var counts = Array(repeating: 0, count: stretches)
        for settlement in settled where settlement.attempts > 0 {
            let place = (settlement.finishedAt.milliseconds - start.milliseconds) / milliseconds
            counts[max(0, min(stretches - 1, Int(place)))] += settlement.attempts
        }
        return counts
    }

    private static func sums(_ settled: [Settlement]) throws -> [OutcomeSum] {
        var sums = OutcomeSums()
        for settlement in settled { try sums.put(settlement) }
        return sums.sorted
    }
}

/// A finished run with its snapshot in a directory of its own, removed with it.
final class FinishedRun {
    static let name = "20261120T020001Z-nightly-3fa9c1"
    let folder: String
    let history: FakeHistory
    var record: RunRecord

    var reports: String { folder + "/reports" }
    var directory: String { reports + "/" + Self.name }

    init(input: String, rows: Int, settled: [Settlement], name: String = "cancellations.csv") throws {
        folder = NSTemporaryDirectory() + "intentbatch-reports-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let snapshot = folder + "/snapshot.input"
        try Data(input.utf8).write(to: URL(fileURLWithPath: snapshot))
        history = FakeHistory(settled)
        record = RunRecord(
            id: 1, name: Self.name, state: .finished, accountName: "eu",
            identity: "useepay https://openapi.useepay.com 500000000007245 www.pay.com", gateway: "useepay",
            job: "nightly",
            input: InputRecord(
                name: name, path: "/in/" + name, sha256: "ab12", byteCount: 77, snapshotPath: snapshot),
            keyBase: "BASE", rules: RunRules(), actor: "ann@host", note: nil,
            createdAt: WallTime(milliseconds: 1_795_140_001_000),
            startedAt: WallTime(milliseconds: 1_795_140_001_250),
            endedAt: WallTime(milliseconds: 1_795_140_009_007), stoppedBy: nil, rows: rows, executions: 2,
            calls: CallCounts(changes: 4, reads: 5, retries: 1))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    @discardableResult
    func publish(
        warnings: [String] = [], version: String = "1.0.0", problems: [Problem] = []
    ) async throws -> ReportWriter.Published {
        try await ReportWriter(history: history, reportsDirectory: reports)
            .publish(
                record, facts: .init(warnings: warnings, version: version),
                problems: ListedProblems(problems))
    }

    /// The error that publishing ends with.
    func failure() async throws -> ReportError {
        try #require(await #expect(throws: ReportError.self) { try await self.publish() })
    }

    /// What stands in the run's directory, by name.
    func published() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            files[name] = [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
        }
        return files
    }

    func results() throws -> String {
        try unpacked(ReportNames(input: record.input.name, format: .csv).results)
    }

    func resubmit() throws -> String {
        try unpacked(ReportNames(input: record.input.name, format: .csv).resubmit)
    }

    func problems() throws -> String {
        try unpacked(ReportNames(input: record.input.name, format: .csv).problems)
    }

    private func unpacked(_ name: String) throws -> String {
        let bytes = try #require(try published()[name])
        return String(decoding: try Gzip.decompress(bytes, limit: 1 << 24), as: UTF8.self)
    }

    func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}

extension Currency {
    static func named(_ code: String) throws -> Currency { try #require(Currency(code: code)) }
}

func settlement(_ row: Int, _ outcome: Outcome, _ action: Action = .cancel) -> Settlement {
    Settlement(
        row: row, action: action, outcome: outcome, howKnown: .response,
        finishedAt: WallTime(milliseconds: 1_795_140_002_000 + Int64(row)))
}
