import GRDB
import Instructions
import Pacing
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("What is found out after a run ended")
struct ResolutionTests {
    private typealias Samples = RunStoreSamples

    @Test("what is resolved shows in the next revision; the revision before can be read as it was")
    func revisions() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let ended = try await finished(store, unconfirmed: [2, 3])
        let first = try await rows(store, ended)

        let resolved = try await settle(store, ended, 2, .applied)
        #expect(resolved.revision == 2)
        let again = try await settle(store, resolved, 3, .failed)
        #expect(again.revision == 3)

        #expect(try await rows(store, again).map(\.outcome) == [.applied, .applied, .failed])
        #expect(
            try await rows(store, again.at(revision: 2)).map(\.outcome) == [.applied, .applied, .unconfirmed])
        #expect(try await rows(store, again.at(revision: 1)) == first)
        for (revision, counts) in [
            (1, [Outcome.applied: 1, .unconfirmed: 2]), (2, [.applied: 2, .unconfirmed: 1]),
            (3, [.applied: 2, .failed: 1]),
        ] {
            let sums = try await store.sums(of: again.at(revision: revision))
            let found = Dictionary(sums.map { ($0.outcome, $0.rows) }, uniquingKeysWith: +)
            #expect(found == counts, "revision \(revision)")
            #expect(sums.reduce(0) { $0 + $1.asked } == 300, "revision \(revision)")
        }
        try store.close()
    }

    @Test("a row is resolved once, and only an unconfirmed one; nothing of a refused commit is kept")
    func onlyUnconfirmed() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let ended = try await finished(store, unconfirmed: [2])
        for row in [1, 9] {
            await #expect(throws: RunStoreError.self) { try await settle(store, ended, row, .applied) }
        }
        _ = try await settle(store, ended, 2, .applied)
        await #expect(throws: RunStoreError.self) { try await settle(store, ended, 2, .failed) }
        #expect(try await store.run(named: ended.name).revision == 2)
        try store.close()
    }

    @Test("unconfirmed rows are loaded with their attempts, a page at a time")
    func pages() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let ended = try await finished(store, unconfirmed: [2, 3])
        let resolution = store.resolution(of: ended, actor: "ann", note: nil)
        let first = try await resolution.loadWaiting(after: nil, limit: 1)
        #expect(first.map(\.instruction.row) == [2])
        #expect(first.first?.attempts.map(\.answer) == [.ambiguous])
        let cursor = LoadCursor(priority: first[0].priority, row: 2)
        #expect(try await resolution.loadWaiting(after: cursor, limit: 9).map(\.instruction.row) == [3])
        try store.close()
    }

    @Test("an abandoned run: rows with an open attempt are unconfirmed, the others not sent, all are counted")
    func abandon() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let run = try await imported(store, rows: 4)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        _ = try await checkpoint.commit(
            [
                WriteUnit(id: 1, writes: [.settle(Samples.settlement(1, asked: 100, applied: 100))]),
                WriteUnit(id: 2, writes: [.open(Samples.attempt(2, "pi_2"))]),
                WriteUnit(id: 3, writes: [.open(Samples.attempt(3, "pi_3"))]),
                WriteUnit(id: 4, writes: [.close(Samples.closing(3, .notSent))]),
            ], calls: CallCounts())
        try await store.abandon(run, actor: "ann", note: "wrong month", at: Samples.start)
        let ended = try await store.run(named: run.name)
        #expect(ended.state == .abandoned)
        let rows = try await rows(store, ended)
        #expect(rows.map(\.outcome) == [.applied, .unconfirmed, .notSent, .notSent])
        #expect(rows[1].key == "ABCDEFGHIJKLMNOP-2-1" && rows[1].attempts == 1)
        #expect(rows[2].attempts == 1 && rows[3].attempts == 0)
        #expect(rows[3].message?.contains("ann: wrong month") == true)
        #expect(try await store.sums(of: ended).reduce(0) { $0 + $1.rows } == 4)
        #expect(try await store.attempts(of: ended, row: 2).map(\.answer) == [.ambiguous])
        await #expect(throws: RunStoreError.self) {
            try await store.abandon(ended, actor: "ann", note: "again", at: Samples.start)
        }
        await #expect(throws: RunStoreError.self) {
            try await checkpoint.begin(actor: "ann", at: Samples.start)
        }
        try store.close()
    }

    @Test("a store of the schema before is upgraded with what it has: open attempts, rules, outcomes")
    func upgrade() async throws {
        let temporary = try TemporaryStore()
        var store = try temporary.open()
        let run = try await imported(store, rows: 3)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        _ = try await checkpoint.commit(
            [
                WriteUnit(id: 1, writes: [.settle(Samples.settlement(1, .unconfirmed, asked: 100))]),
                WriteUnit(id: 2, writes: [.open(Samples.attempt(2, "pi_2"))]),
            ], calls: CallCounts())
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        let before = try await checkpoint.loadStarted()
        #expect(before.map(\.instruction.row) == [2])
        try await store.write { try Self.downgrade($0) }
        try store.close()

        store = try temporary.open()
        let upgraded = try await store.run(named: run.name)
        #expect(upgraded.rules.lateBoundMilliseconds == RunRules().lateBoundMilliseconds)
        #expect(upgraded.rules.attempts == run.rules.attempts && upgraded.revision == 1)
        let resumed = try await store.checkpoint(of: upgraded)
        #expect(try await resumed.loadStarted() == before)
        #expect(try await resumed.past().newestWall == Samples.start.advanced(by: .milliseconds(2)))
        let units = [WriteUnit(id: 1, writes: [.close(Samples.closing(2)), .settle(Samples.settlement(2))])]
        #expect(try await resumed.commit(units, calls: CallCounts()) == [.committed(released: [])])
        #expect(try await settle(store, upgraded, 1, .applied).revision == 1, "no report was published yet")
        try store.close()
    }

    /// Takes back what the second step made, and what the rules of the first release did not have.
    private static func downgrade(_ database: Database) throws {
        for sql in [
            "DROP TABLE resolution", "DROP TABLE audit", "ALTER TABLE run DROP COLUMN again_why",
            "ALTER TABLE run DROP COLUMN input_inode",
            "DROP INDEX instruction_intent", "DROP INDEX instruction_reference",
            "DROP INDEX instruction_resolvable", "DROP INDEX attempt_budgeted",
            "ALTER TABLE run DROP COLUMN newest_at", "ALTER TABLE instruction DROP COLUMN is_whole",
            "ALTER TABLE attempt DROP COLUMN budgeted",
            """
            UPDATE run SET rules = json_remove(
                rules, '$.lateBoundMilliseconds', '$.retryBudgetPartsPerMillion', '$.archiveDirectory',
                '$.toleratedRejectedPartsPerMillion', '$.toleratedDeclinedPartsPerMillion')
            """,
            "PRAGMA user_version = 1",
        ] { try database.execute(sql: sql) }
    }

    // MARK: Steps

    private func imported(_ store: SQLiteStore, rows: Int) async throws -> RunRecord {
        let run = try await store.create(Samples.newRun("run"))
        try await store.append(
            Samples.batch((1...rows).map { Samples.cancel($0, "pi_\($0)") }), to: run)
        try await store.finish(run, rows: rows)
        return try await store.run(named: run.name)
    }

    /// Three rows of 1.00 each, applied but for those.
    private func finished(_ store: SQLiteStore, unconfirmed: Set<Int>) async throws -> RunRecord {
        let run = try await imported(store, rows: 3)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        for row in 1...3 {
            let outcome: Outcome = unconfirmed.contains(row) ? .unconfirmed : .applied
            let answer: AnswerClass = unconfirmed.contains(row) ? .ambiguous : .proven
            _ = try await checkpoint.commit(
                [
                    WriteUnit(id: 1, writes: [.open(Samples.attempt(row, "pi_\(row)"))]),
                    WriteUnit(
                        id: 2,
                        writes: [
                            .close(Samples.closing(row, answer)),
                            .settle(
                                Samples.settlement(
                                    row, outcome, asked: 100, applied: outcome == .applied ? 100 : nil)),
                        ]),
                ], calls: CallCounts())
        }
        try await checkpoint.end(stoppedBy: nil, at: Samples.start)
        return try await store.run(named: run.name)
    }

    @discardableResult
    private func settle(
        _ store: SQLiteStore, _ run: RunRecord, _ row: Int, _ outcome: Outcome
    ) async throws -> RunRecord {
        let resolution = store.resolution(of: run, actor: "ann", note: "seen at the gateway")
        let settlement = Samples.settlement(row, outcome, asked: 100)
        _ = try await resolution.commit(
            [WriteUnit(id: 1, writes: [.settle(settlement)])], calls: CallCounts())
        return try await store.run(named: run.name)
    }

    private func rows(_ store: SQLiteStore, _ run: RunRecord) async throws -> [Settlement] {
        let settlements = try await store.settlements(of: run, after: 0, limit: 10)
        #expect(try await store.settledPage(of: run, after: 0, limit: 10) == SettledPage(settlements))
        return settlements
    }
}
