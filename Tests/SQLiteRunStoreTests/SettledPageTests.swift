import GRDB
import Instructions
import Pacing
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("Settled rows as a report reads them")
struct SettledPageTests {
    private typealias Samples = RunStoreSamples

    private static let texts: [String?] = [
        nil, "", "a", "ä漢🙂", "a,\"b\"\nc", String(repeating: "x", count: 5_000),
    ]

    @Test("a page has what the settlements say, whatever they say", arguments: 0..<5)
    func same(seed: Int) async throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let run = try await store.create(Samples.newRun("run"))
        let rows = Array(1...60)
        try await store.append(Samples.batch(rows.map { Samples.cancel($0, "pi_\($0)") }), to: run)
        try await store.finish(run, rows: rows.count)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        let written = rows.filter { $0 % 7 != 0 }.map { row in
            RunWrite.settle(Self.settlement(row, &generator))
        }
        _ = try await checkpoint.commit([WriteUnit(id: 1, writes: written)], calls: CallCounts())
        for (after, limit) in [(0, 100), (0, 9), (9, 9), (13, 1), (59, 5), (60, 5)] {
            let settlements = try await store.settlements(of: run, after: after, limit: limit)
            let page = try await store.settledPage(of: run, after: after, limit: limit)
            #expect(page == SettledPage(settlements), "after \(after), at most \(limit)")
            #expect(page.count == settlements.count)
            #expect(page.lastRow == settlements.last?.row)
            var lent: [String?] = []
            page.forEach { row in
                for text in [
                    row.code, row.message, row.statusBefore, row.statusAfter, row.key,
                    row.gatewayReference, row.gatewayCode,
                ] {
                    lent.append(text.map { String(decoding: $0, as: UTF8.self) })
                }
            }
            let kept = settlements.flatMap {
                [
                    $0.code, $0.message, $0.statusBefore, $0.statusAfter, $0.key, $0.gatewayReference,
                    $0.gatewayCode,
                ]
            }
            #expect(lent == kept)
        }
        try store.close()
    }

    @Test(
        "a word that this version does not know is damage",
        arguments: ["outcome", "how_known", "asked_currency"])
    func damage(column: String) async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let run = try await store.create(Samples.newRun("run"))
        try await store.append(Samples.batch([Samples.cancel(1, "pi_1")]), to: run)
        try await store.finish(run, rows: 1)
        let checkpoint = try await store.checkpoint(of: run)
        try await checkpoint.begin(actor: "ann", at: Samples.start)
        _ = try await checkpoint.commit(
            [WriteUnit(id: 1, writes: [.settle(Samples.settlement(1, asked: 5))])], calls: CallCounts())
        try await store.write { try $0.execute(sql: "UPDATE instruction SET \(column) = 'applyed'") }
        let error = await #expect(throws: RunStoreError.self) {
            try await store.settledPage(of: run, after: 0, limit: 9)
        }
        #expect(error?.code == .unusable)
        try store.close()
    }

    private static func settlement(
        _ row: Int, _ generator: inout some RandomNumberGenerator
    ) -> Settlement {
        var settlement = Settlement(
            row: row, action: .cancel, outcome: Outcome.allCases.randomElement(using: &generator) ?? .applied,
            howKnown: HowKnown.allCases.randomElement(using: &generator) ?? .none,
            finishedAt: WallTime(milliseconds: .random(in: 0...9_999_999_999_999, using: &generator)))
        func text() -> String? { texts.randomElement(using: &generator) ?? nil }
        func money() -> Money? {
            let currency = ["EUR", "JPY", "KWD"].randomElement(using: &generator).flatMap(
                Currency.init(code:))
            guard let currency, Bool.random(using: &generator) else { return nil }
            return Money(
                minorUnits: [0, 1, 100, 123_456_789].randomElement(using: &generator) ?? 0, currency: currency
            )
        }
        settlement.code = text()
        settlement.message = text()
        settlement.statusBefore = text()
        settlement.statusAfter = text()
        settlement.asked = money()
        settlement.applied = money()
        settlement.remaining = money()
        settlement.attempts = .random(in: 0...9, using: &generator)
        settlement.key = text()
        settlement.gatewayReference = text()
        settlement.gatewayCode = text()
        settlement.httpStatus = [nil, 0, 200].randomElement(using: &generator) ?? nil
        return settlement
    }
}
