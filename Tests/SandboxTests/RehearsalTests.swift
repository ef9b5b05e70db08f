import Foundation
import JSON
import Testing

@testable import Sandbox

@Suite("Rehearsal files")
struct RehearsalTests {
    private static let names = ["intents-useepay.ndjson", "instructions-useepay.csv", "expected-useepay.csv"]

    private static func write(rows: Int, seed: UInt64, into folder: URL) throws -> [String] {
        try UseePayRehearsal(rows: rows, seed: seed).write(to: folder.path)
        return try names.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }

    /// RFC 4180 with LF line ends, by character; the header becomes the keys.
    private static func table(_ text: String) -> [[String: String]] {
        var rows: [[String]] = [[]]
        var cell = ""
        var isQuoted = false
        var characters = text.makeIterator()
        var ahead: Character? = characters.next()
        while let character = ahead {
            ahead = characters.next()
            switch character {
            case "\"" where isQuoted && ahead == "\"":
                cell.append("\"")
                ahead = characters.next()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
            case "\n" where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
                rows.append([])
            default: cell.append(character)
            }
        }
        let header = rows[0]
        return rows.dropFirst().dropLast().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    @Test("The same rows and seed give the same bytes, another seed gives others")
    func deterministic() throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let first = try Self.write(rows: 500, seed: 1, into: fixture.folder)
        #expect(try Self.write(rows: 500, seed: 1, into: fixture.folder) == first)
        #expect(try Self.write(rows: 500, seed: 2, into: fixture.folder) != first)
        // Pinned: a rehearsal must mean the same after an upgrade.
        #expect(
            first[1].hasPrefix(
                """
                intent_id,action,amount,currency,reason,reference
                1012411509771722047,capture,4.442,KWD,,rehearsal-1-1
                1012411860711196753,capture,all,,,rehearsal-1-2
                1012412102879344344,cancel,,,,rehearsal-1-3

                """))
        let none = try Self.write(rows: 0, seed: 1, into: fixture.folder)
        #expect(none[0].isEmpty)
        #expect(none[1] == "intent_id,action,amount,currency,reason,reference\n")
    }

    @Test("Ids and references are unique, four in five rows are applied, and every kind of row occurs")
    func mixture() throws {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let rows = 10_000
        let texts = try Self.write(rows: rows, seed: 1, into: fixture.folder)
        let instructions = Self.table(texts[1])
        let expected = Self.table(texts[2])
        #expect(instructions.count == rows)
        #expect(expected.compactMap { Int($0["row"] ?? "") } == Array(1...rows))
        #expect(instructions.map { $0["intent_id"] } == expected.map { $0["intent_id"] })
        #expect(instructions.map { $0["action"] } == expected.map { $0["action"] })
        let ids = Set(instructions.compactMap { $0["intent_id"] })
        #expect(ids.count == rows)
        #expect(ids.allSatisfy { $0.utf8.count == 19 && $0.allSatisfy(\.isNumber) })
        #expect(Set(instructions.compactMap { $0["reference"] }).count == rows)
        #expect(instructions.allSatisfy { ($0["reference"] ?? "").utf8.count <= 64 })
        let applied = expected.filter { $0["outcome"] == "applied" }.count
        #expect((7_800...8_200).contains(applied), "\(applied)")
        #expect(
            Set(expected.map { "\($0["action"] ?? "") \($0["outcome"] ?? "") \($0["code"] ?? "")" }) == [
                "cancel applied ", "capture applied ", "cancel already_applied ", "capture already_applied ",
                "cancel rejected state_not_allowed", "capture rejected state_not_allowed",
                "cancel rejected intent_not_found", "capture rejected intent_not_found",
                "capture rejected amount_exceeds_remaining", "capture rejected partial_capture_unverified",
                "capture rejected currency_mismatch",
            ])
        let reasons = Set(instructions.compactMap { $0["reason"] })
        #expect(reasons.contains("Customer said \"no, thanks\""))
        #expect(reasons.contains("顧客都合によるキャンセル"))
        #expect(
            Set(instructions.compactMap { $0["currency"] }).isSuperset(of: ["USD", "EUR", "JPY", "KWD", ""]))
    }

    @Test(
        "Each row, done as a client would, ends as expected, and the ledger has the applied ones and no other"
    )
    func driven() async throws {
        var fixture = try SandboxFixture([])
        defer { fixture.remove() }
        let texts = try Self.write(rows: 1500, seed: 20_261_121, into: fixture.folder)
        fixture.options.intentsPath = fixture.folder.appendingPathComponent(Self.names[0]).path
        let rows = zip(Self.table(texts[1]), Self.table(texts[2])).map { ($0, $1) }
        #expect(rows.count == 1500)
        try await withSandbox(fixture.options) { base async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, (row, want)) in rows.enumerated() {
                    if index >= 16 { try await group.next() }
                    group.addTask {
                        let got = try await Self.carryOut(row, base)
                        #expect(
                            got == "\(want["outcome"] ?? "") \(want["code"] ?? "")",
                            "row \(index + 1): \(row)")
                    }
                }
                try await group.waitForAll()
            }
        }
        let applied = rows.filter { $0.1["outcome"] == "applied" }
        let effects = try fixture.ledger().filter { $0["kind"]?.string == "effect" }
        let done = effects.map { "\($0["operation"]?.string ?? "") \($0["intent_id"]?.string ?? "")" }
        #expect(
            done.sorted() == applied.map { "\($0.0["action"] ?? "") \($0.0["intent_id"] ?? "")" }.sorted())
        let reasons = Dictionary(
            uniqueKeysWithValues: effects.map { ($0["intent_id"]?.string ?? "", $0["reason"]?.string ?? "") })
        for (row, _) in applied { #expect(reasons[row["intent_id"] ?? ""] == row["reason"]) }
    }

    /// What the contract's state rules say of a row, and then what the sandbox does.
    private static func carryOut(_ row: [String: String], _ base: String) async throws -> String {
        let id = row["intent_id"] ?? ""
        let isCancel = row["action"] == "cancel"
        let read = try await Client.retrieve(base, id)
        let amount = row["amount"] ?? ""
        var fields: JSONObject = JSONObject()
        if isCancel, let reason = row["reason"], !reason.isEmpty {
            fields["cancellation_reason"] = .string(reason)
        }
        if !isCancel, amount != "all" { fields["amount"] = .number(amount) }
        let body = fields.members.isEmpty ? nil : JSONValue.object(fields).text
        func send() async throws -> Int {
            try await isCancel ? Client.cancel(base, id, body).status : Client.capture(base, id, body).status
        }
        if read.status == 404 {
            #expect(try await send() == 404)
            return "rejected intent_not_found"
        }
        let currency = read.json["currency"]?.string ?? ""
        let whole = try UseePayAmount(number: read.json["amount"]?.number ?? "", currency: currency)
        if !isCancel, amount != "all" {
            if row["currency"] != currency { return "rejected currency_mismatch" }
            let asked = try UseePayAmount(number: amount, currency: currency)
            if asked.minorUnits > whole.minorUnits {
                #expect(try await send() == 400)
                return "rejected amount_exceeds_remaining"
            }
            if asked.minorUnits < whole.minorUnits { return "rejected partial_capture_unverified" }
        }
        if try await send() == 200 { return "applied " }
        let isDone =
            isCancel
            ? read.json["status"] == "canceled"
            : read.json["status"] == "succeeded" && read.json["captured_amount"] == read.json["amount"]
        return isDone ? "already_applied " : "rejected state_not_allowed"
    }

    @Test("A folder that cannot be made is a clear error")
    func unwritable() {
        let error = #expect(throws: SandboxError.self) {
            try UseePayRehearsal(rows: 1, seed: 1).write(to: "/nowhere/at/all")
        }
        #expect(error?.code == .rehearsal)
        #expect(error?.message.contains("/nowhere/at/all") == true)
    }
}
