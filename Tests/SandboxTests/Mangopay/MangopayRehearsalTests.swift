import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Mangopay rehearsal files")
struct MangopayRehearsalTests {
    private static let names = [
        "intents-mangopay.ndjson", "instructions-mangopay.csv", "expected-mangopay.csv",
    ]

    private static func write(rows: Int, seed: UInt64, into folder: URL) throws -> [String] {
        try MangopayRehearsal(rows: rows, seed: seed).write(to: folder.path)
        return try names.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }

    /// No cell of these files is quoted.
    private static func table(_ text: String) -> [[String: String]] {
        let rows = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
    }

    @Test("The same rows and seed give the same bytes, another seed gives others")
    func deterministic() throws {
        let fixture = try SandboxFixture.mangopay([])
        defer { fixture.remove() }
        let first = try Self.write(rows: 500, seed: 1, into: fixture.folder)
        #expect(try Self.write(rows: 500, seed: 1, into: fixture.folder) == first)
        #expect(try Self.write(rows: 500, seed: 2, into: fixture.folder) != first)
        // Pinned: a rehearsal must mean the same after an upgrade.
        #expect(MangopayID.hexadecimal(MangopayID.hash(first.joined())) == "47ae30762e2559f7")
        let none = try Self.write(rows: 0, seed: 1, into: fixture.folder)
        #expect(none[0].isEmpty)
        #expect(none[1] == MangopayRow.header + "\n")
    }

    @Test("Four rows in five are applied, every kind occurs, and the file keeps the rules for files")
    func mixture() throws {
        let fixture = try SandboxFixture.mangopay([])
        defer { fixture.remove() }
        let texts = try Self.write(rows: 10_000, seed: 1, into: fixture.folder)
        let rows = Self.table(texts[1])
        let expected = Self.table(texts[2])
        #expect(rows.count == 10_000)
        #expect(!texts[1].contains("\""))
        #expect(expected.compactMap { Int($0["row"] ?? "") } == Array(1...10_000))
        #expect(rows.map { $0["intent_id"] } == expected.map { $0["intent_id"] })
        #expect(rows.map { $0["action"] } == expected.map { $0["action"] })
        #expect(Set(rows.compactMap { $0["reference"] }).count == rows.count)
        let applied = expected.filter { $0["outcome"] == "applied" }.count
        #expect((7_800...8_200).contains(applied), "\(applied)")
        #expect(
            Set(expected.map { "\($0["action"] ?? "") \($0["outcome"] ?? "") \($0["code"] ?? "")" }) == [
                "cancel applied ", "capture applied ", "cancel already_applied ", "capture already_applied ",
                "cancel rejected state_not_allowed", "capture rejected state_not_allowed",
                "cancel rejected intent_not_found", "capture rejected intent_not_found",
                "cancel rejected amount_exceeds_remaining", "capture rejected amount_exceeds_remaining",
                "capture rejected currency_mismatch", "cancel rejected line_items_needed",
                "capture rejected line_items_needed", "cancel rejected line_item_unknown",
                "capture rejected line_item_unknown",
            ])
        var perIntent: [String: [[String: String]]] = [:]
        for row in rows { perIntent[row["intent_id"] ?? "", default: []].append(row) }
        #expect(perIntent.values.contains { $0.count == 3 })
        for (id, rows) in perIntent {
            #expect(id.hasPrefix("int_01") && id.utf8.count == 40)
            // A whole cancel and a whole capture of one intent would be a conflict.
            let wholes = rows.filter { $0["amount"] == "" || $0["amount"] == "all" }
            #expect(Set(wholes.compactMap { $0["action"] }).count <= 1)
            #expect(wholes.count <= 1)
        }
        for row in rows {
            let hasText = row["external_provider_reference"] != "" || row["external_provider_name"] != ""
            #expect(!hasText || row["external_processing_date"] != "")
            if row["line_items"] != "" { #expect(row["amount"] != "" && row["currency"] != "") }
        }
    }

    @Test(
        "Each row, done as a client would, ends as expected, and the ledger has the applied ones and no other"
    )
    func driven() async throws {
        var fixture = try SandboxFixture.mangopay([])
        defer { fixture.remove() }
        let texts = try Self.write(rows: 1500, seed: 20_261_121, into: fixture.folder)
        fixture.options.intentsPath = fixture.folder.appendingPathComponent(Self.names[0]).path
        var perIntent: [[(number: Int, row: [String: String], want: String)]] = []
        var places: [String: Int] = [:]
        for (index, (row, want)) in zip(Self.table(texts[1]), Self.table(texts[2])).enumerated() {
            let id = row["intent_id"] ?? ""
            let wanted = "\(want["outcome"] ?? "") \(want["code"] ?? "")"
            if let place = places[id] {
                perIntent[place].append((index + 1, row, wanted))
            } else {
                places[id] = perIntent.count
                perIntent.append([(index + 1, row, wanted)])
            }
        }
        try await withSandbox(fixture.options) { base async throws in
            let driver = RowDriver(client: try await MangopayClient(base))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, rows) in perIntent.enumerated() {
                    if index >= 16 { try await group.next() }
                    group.addTask {
                        for (number, row, want) in rows {
                            let got = try await driver.carryOut(row)
                            #expect(got == want, "row \(number): \(row)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let applied = perIntent.flatMap { $0 }.filter { $0.want == "applied " }.map {
            "\($0.row["action"] ?? "") \($0.row["intent_id"] ?? "")"
        }
        let effects = try fixture.ledger().filter { $0["kind"]?.string == "effect" }
        #expect(applied.count > 1_100)
        #expect(
            effects.map { "\($0["operation"]?.string ?? "") \($0["intent_id"]?.string ?? "")" }.sorted()
                == applied.sorted())
    }
}

/// What the contract's state rules say of a row, written down once more, and then what the sandbox does.
private struct RowDriver {
    let client: MangopayClient

    func carryOut(_ row: [String: String]) async throws -> String {
        let id = row["intent_id"] ?? ""
        let path = "/\(id)/" + (row["action"] == "cancel" ? "cancel" : "captures")
        let read = try await client.view(id)
        if read.status == 404 {
            #expect(try await client.send(.POST, path).status == 404)
            return "rejected intent_not_found"
        }
        let intent = read.json
        if let currency = row["currency"], !currency.isEmpty, currency != intent["Currency"]?.string {
            #expect(try await client.send(.POST, path, #"{"Currency":"\#(currency)"}"#).status == 400)
            return "rejected currency_mismatch"
        }
        let isJPY = intent["Currency"] == "JPY"
        let asked = minor(row["amount"] ?? "", isJPY)
        let items = (row["line_items"] ?? "").split(separator: ";").map { item in
            let halves = item.split(separator: "=")
            return (String(halves[0]), minor(String(halves[1]), isJPY) ?? 0)
        }
        let verdict = judge(row, intent, asked: asked, items: items)
        let body = verdict.body ?? externalData(row)
        let reply = try await client.send(.POST, path, body)
        #expect(
            reply.status == (verdict.isSent ? 200 : 400),
            "\(row) \(String(decoding: reply.body, as: UTF8.self))")
        if verdict.isSent {
            #expect(MangopayInvariants.broken(try await client.view(id).json) == [])
        }
        return verdict.outcome
    }

    private struct Verdict {
        var outcome: String
        /// nil: the whole.
        var body: String?
        var isSent: Bool { outcome == "applied " }
    }

    private func judge(
        _ row: [String: String], _ intent: JSONValue, asked: Int64?, items: [(String, Int64)]
    ) -> Verdict {
        let whole = intent["Amount"]?.int64 ?? 0
        let status = intent["Status"]?.string ?? ""
        let isCancel = row["action"] == "cancel"
        var remaining: [(String, Int64)] = []
        var isTouched = false
        for line in intent["LineItems"]?.array ?? [] {
            func number(_ key: String) -> Int64 { line[key]?.int64 ?? 0 }
            let used = number("CapturedAmount") + number("CancelledAmount")
            if used > 0 { isTouched = true }
            remaining.append((line["Id"]?.string ?? "", number("TotalLineItemAmount") - used))
        }
        let allowed = isCancel ? ["AUTHORIZED"] : ["AUTHORIZED", "PARTIALLY_CAPTURED"]
        if !items.isEmpty || (asked != nil && asked != whole) {
            let body =
                items.isEmpty ? #"{"Amount":\#(asked ?? 0)}"# : MangopayClient.partial(items, amount: asked)
            if items.contains(where: { item in !remaining.contains { $0.0 == item.0 } }) {
                return Verdict(outcome: "rejected line_item_unknown", body: body)
            }
            let isOver = items.contains { item in remaining.contains { $0.0 == item.0 && $0.1 < item.1 } }
            if isOver || (asked ?? 0) > whole {
                return Verdict(outcome: "rejected amount_exceeds_remaining", body: body)
            }
            if items.isEmpty { return Verdict(outcome: "rejected line_items_needed", body: body) }
            let isAllowed = allowed.contains(status)
            return Verdict(outcome: isAllowed ? "applied " : "rejected state_not_allowed", body: body)
        }
        if status == (isCancel ? "CANCELLED" : "CAPTURED") { return Verdict(outcome: "already_applied ") }
        guard allowed.contains(status) else { return Verdict(outcome: "rejected state_not_allowed") }
        let rest = remaining.filter { $0.1 > 0 }
        return Verdict(outcome: "applied ", body: isTouched ? MangopayClient.partial(rest) : nil)
    }

    private func externalData(_ row: [String: String]) -> String? {
        guard let date = row["external_processing_date"], !date.isEmpty else { return nil }
        var data = JSONObject(["ExternalProcessingDate": 1_795_132_800])
        if let text = row["external_provider_reference"], !text.isEmpty {
            data["ExternalProviderReference"] = .string(text)
        }
        if let text = row["external_provider_name"], !text.isEmpty {
            data["ExternalProviderName"] = .string(text)
        }
        return JSONValue.object(JSONObject(["ExternalData": .object(data)])).text
    }

    /// nil for no amount and for `all`.
    private func minor(_ text: String, _ isWholeUnits: Bool) -> Int64? {
        guard let digits = Int64(text.filter { $0 != "." }) else { return nil }
        #expect(text.contains(".") == !isWholeUnits)
        return digits
    }
}
