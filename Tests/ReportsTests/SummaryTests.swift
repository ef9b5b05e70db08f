import Instructions
import JSON
import Runs
import Testing

@testable import Reports

@Suite struct SummaryTests {
    @Test("The exit code of a finished run is that of its gravest row")
    func exitCodes() {
        let table: [([Outcome: Int], Int)] = [
            ([:], 0), ([.applied: 5, .alreadyApplied: 2], 0), ([.applied: 5, .rejected: 1], 1),
            ([.declined: 1], 1), ([.failed: 1], 1), ([.notSent: 1], 1), ([.rejected: 0, .applied: 1], 0),
            ([.unconfirmed: 1], 2), ([.failed: 9, .unconfirmed: 1], 2),
        ]
        for (counts, code) in table { #expect(Summary.exitCode(of: counts) == code, "\(counts)") }
    }

    @Test("within what is tolerated the exit code is 0; unconfirmed, failed and not sent never are")
    func tolerance() {
        let rules = RunRules(
            toleratedRejectedPartsPerMillion: 50_000, toleratedDeclinedPartsPerMillion: 10_000)
        let table: [([Outcome: Int], Int)] = [
            ([.applied: 95, .rejected: 5], 0), ([.applied: 94, .rejected: 6], 1),
            ([.applied: 94, .rejected: 5, .declined: 1], 0), ([.applied: 98, .declined: 2], 1),
            ([.applied: 99, .failed: 1], 1), ([.applied: 99, .notSent: 1], 1),
            ([.applied: 99, .unconfirmed: 1], 2), ([:], 0),
        ]
        for (counts, code) in table {
            #expect(Summary.exitCode(of: counts, tolerating: rules) == code, "\(counts)")
        }
    }

    @Test(
        "A stopped run tells what is open and why it stopped",
        arguments: [
            (StopReason.failures, 4), (.credentials, 4), (.outage, 4), (.limit, 4), (.signal, 5),
            (.deadline, 5),
            (.person, 5),
        ])
    func stopped(reason: StopReason, code: Int) async throws {
        let run = try FinishedRun(input: "", rows: 10, settled: (1...4).map { settlement($0, .applied) })
        run.record.state = .stopped
        run.record.stoppedBy = reason
        run.record.endedAt = nil
        let json = try await Summary.of(run.record, in: run.history, warnings: []).json
        #expect(json["open"]?.int64 == 6)
        #expect(json["counts"]?["applied"]?.int64 == 4)
        #expect(json["tie_out"]?["ties"]?.bool == false)
        #expect(json["exit_code"]?.int64 == Int64(code))
        #expect(json["stopped_by"]?.string == reason.rawValue)
        #expect(json["times"]?["ended"]?.isNull == true)
    }

    @Test("A run under way has no exit code, and a reason it stopped for earlier is not repeated")
    func underWay() async throws {
        let run = try FinishedRun(input: "", rows: 10, settled: [])
        for state in [RunState.importing, .ready, .running] {
            run.record.state = state
            run.record.stoppedBy = .signal
            let json = try await Summary.of(run.record, in: run.history, warnings: []).json
            #expect(json["exit_code"]?.isNull == true)
            #expect(json["stopped_by"]?.isNull == true)
            #expect(json["sums"]?.array == [])
        }
    }

    @Test("Unconfirmed rows are listed with intent and key, a thousand at most, and all are counted")
    func unconfirmed() async throws {
        var settled = (1...2500).map { settlement($0, $0 % 2 == 0 ? .unconfirmed : .applied) }
        settled[1].key = "BASE-2-9"
        let run = try FinishedRun(input: "", rows: 2500, settled: settled)
        let summary = try await Summary.of(run.record, in: run.history, warnings: [])
        #expect(summary.unconfirmed.count == 1000)
        #expect(summary.unconfirmed.first == .init(row: 2, intentID: "intent2", key: "BASE-2-9"))
        #expect(summary.unconfirmed.last == .init(row: 2000, intentID: "intent2000", key: "BASE-2000-2"))
        #expect(summary.json["unconfirmed"]?["rows"]?.int64 == 1250)
        #expect(summary.exitCode == 2)
    }

    @Test("Without unconfirmed rows no row is read")
    func noScan() async throws {
        let run = try FinishedRun(input: "", rows: 4, settled: (1...4).map { settlement($0, .applied) })
        _ = try await Summary.of(run.record, in: run.history, warnings: [])
        #expect(await run.history.pages.isEmpty)
    }

    @Test("Sums come sorted by action, currency and outcome")
    func sorted() throws {
        let run = try FinishedRun(input: "", rows: 0, settled: [])
        let eur = try Currency.named("EUR")
        let usd = try Currency.named("USD")
        func sum(_ action: Action, _ currency: Currency?, _ outcome: Outcome, _ rows: Int = 1) -> OutcomeSum {
            OutcomeSum(
                action: action, currency: currency, outcome: outcome, rows: rows, asked: 0, applied: 0)
        }
        let expected = [
            sum(.cancel, eur, .applied), sum(.cancel, nil, .rejected), sum(.capture, eur, .applied),
            sum(.capture, eur, .notSent), sum(.capture, usd, .applied),
        ]
        let shuffled = [4, 1, 3, 0, 2].map { expected[$0] } + [sum(.cancel, usd, .failed, 0)]
        #expect(Summary(run: run.record, sums: shuffled, unconfirmed: [], warnings: []).sums == expected)
    }
}
