import Foundation
import JSON
import Testing

@testable import Sandbox

@Suite("The ledger")
struct LedgerTests {
    static let intents = ["a", "b", "c"].map { #"{"id":"\#($0)","amount":100.23}"# }

    @Test("Effects survive a restart: the same answers, and calls are numbered on")
    func replay() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        let before = try await withSandbox(fixture.options) { base async throws in
            #expect(
                try await Client.cancel(base, "a", #"{"cancellation_reason":"\"déjà\", 7"}"#).status == 200)
            #expect(try await Client.capture(base, "b", #"{"amount":7.5}"#).status == 200)
            return [
                try await Client.retrieve(base, "a").body, try await Client.retrieve(base, "b").body,
                try await Client.retrieve(base, "c").body,
            ]
        }
        try await withSandbox(fixture.options) { base async throws in
            for (id, body) in zip(["a", "b", "c"], before) {
                #expect(try await Client.retrieve(base, id).body == body)
            }
            #expect(try await Client.cancel(base, "a").status == 400)
            #expect(try await Client.capture(base, "b").status == 400)
            #expect(try await Client.capture(base, "c").status == 200)
        }
        let ledger = try fixture.ledger()
        #expect(ledger.map { $0["seq"]?.int64 } == (1...Int64(ledger.count)).map { $0 })
        let requests = ledger.filter { $0["kind"]?.string == "request" }
        #expect(requests.map { $0["call"]?.int64 } == (1...11).map { Int64($0) })
        #expect(try fixture.effects() == ["cancel a 100.23", "capture b 7.50", "capture c 100.23"])
        #expect(
            ledger.first { $0["operation"]?.string == "cancel" && $0["kind"]?.string == "effect" }?["reason"]
                == "\"déjà\", 7")
    }

    @Test("A ledger torn anywhere in its last line is cut there and used on")
    func torn() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for id in ["a", "b"] { #expect(try await Client.cancel(base, id).status == 200) }
        }
        let whole = Array(try fixture.ledgerText().utf8)
        // Request, effect, answer of `b` begin here.
        let lineEnds = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
        #expect(lineEnds.count == 6)
        let file = URL(fileURLWithPath: fixture.options.ledgerPath)
        for length in stride(from: lineEnds[2] + 1, through: whole.count, by: 1) {
            try Data(whole[..<length]).write(to: file)
            _ = try Sandbox(options: fixture.options)
            let kept = Array(try fixture.ledgerText().utf8)
            #expect(kept == Array(whole[..<((lineEnds.last { $0 < length } ?? -1) + 1)]), "\(length)")
        }
        // The effect on `b` is torn: it never happened, and may happen now.
        try Data(whole[..<(lineEnds[4] - 1)]).write(to: file)
        try await withSandbox(fixture.options) { base async throws in
            #expect(try await Client.retrieve(base, "b").json["status"] == "requires_capture")
            #expect(try await Client.cancel(base, "b").status == 200)
        }
        #expect(try fixture.effects() == ["cancel a 100.23", "cancel b 100.23"])
    }

    @Test(
        "A ledger that is damaged before its end, or belongs to other intents, is refused with the line",
        arguments: [
            (2, "nonsense"), (2, #"{"seq":1,"at":"x","kind":"answer","call":1,"status":200}"#),
            (1, #"{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"oops","call":1}"#),
            (1, #"{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"request","call":1}"#),
            (
                1,
                #"{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"effect","operation":"cancel","#
                    + #""intent_id":"z","call":1}"#
            ),
        ])
    func damaged(line: Int, text: String) throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        let first = #"{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"answer","call":1,"status":200}"#
        let lines = line == 1 ? [text] : [first, text]
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: fixture.options.ledgerPath))
        let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
        #expect(error?.code == .ledger)
        #expect(error?.message.contains("ledger.ndjson, line \(line): ") == true, "\(error?.message ?? "")")
    }

    @Test(
        "One at a time: a second sandbox on the ledger is refused, naming the holder; afterwards it is free")
    func locked() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
            #expect(error?.code == .locked)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
            #expect(try await Client.cancel(base, "a").status == 200)
        }
        try await withSandbox(fixture.options) { base async throws in
            #expect(try await Client.retrieve(base, "a").json["status"] == "canceled")
        }
    }

    @Test("Requests carry the time of their arrival, effects and answers their own")
    func times() async throws {
        var fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        fixture.options.unixMilliseconds = { Timestamp.unixMilliseconds() }
        let start = Timestamp.text(Timestamp.unixMilliseconds())
        try await withSandbox(fixture.options) { base async throws in _ = try await Client.cancel(base, "a") }
        let times = try fixture.ledger().map { $0["at"]?.string ?? "" }
        #expect(times == times.sorted())
        #expect(times[0] >= start)
        #expect(times[2] <= Timestamp.text(Timestamp.unixMilliseconds()))
    }

    @Test(
        "Times are written in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_164_800_007, "2024-02-29T00:00:00.007Z"),
            (4_107_542_399_010, "2100-02-28T23:59:59.010Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func timestamps(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds) == text)
    }

    @Test("A ledger that cannot be written, or whose folder is missing, is a clear error")
    func unusable() throws {
        var fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        fixture.options.ledgerPath = fixture.folder.appendingPathComponent("no/ledger").path
        let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
        #expect(error?.code == .ledger)
        #expect(error?.message.contains("no/ledger") == true)
    }

    @Test("A port in use is a clear error, and the ledger is free again")
    func portInUse() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        var second = try SandboxFixture(Self.intents)
        defer { second.remove() }
        try await withSandbox(fixture.options) { base async throws in
            second.options.port = Int(base.split(separator: ":").last ?? "") ?? 0
            let error = await #expect(throws: SandboxError.self) {
                try await withSandbox(second.options) { _ in }
            }
            #expect(error?.code == .listen)
        }
        second.options.port = 0
        try await withSandbox(second.options) { _ in }
    }
}
