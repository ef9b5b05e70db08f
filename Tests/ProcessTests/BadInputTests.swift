import Foundation
import JSON
import Sandbox
import Testing
import Trials

/// Each mistake has the contract's exit code, a message that says what and where, and sends nothing.
@Suite("Bad input to the real binary", .serialized)
struct BadInputTests {
    private static let intents = #"{"id": "1012411211459019141"}"# + "\n"
    private static let good = "action,intent_id\ncancel,1012411211459019141\n"

    struct Case: CustomTestStringConvertible {
        let name: String
        var file: [UInt8]? = Array(BadInputTests.good.utf8)
        var configuration: String?
        var arguments = ["run", "input.csv"]
        let code: Int32
        /// All of these are in the output.
        let says: [String]
        var testDescription: String { name }
    }

    private static func configuration(_ lines: String...) -> String {
        "accounts:\n  live:\n" + lines.map { "    \($0)\n" }.joined()
    }

    static let cases: [Case] = [
        Case(name: "missing file", file: nil, code: 66, says: ["input.csv"]),
        Case(name: "a folder", arguments: ["run", "state"], code: 66, says: ["state"]),
        Case(name: "empty file", file: [], code: 3, says: ["file_empty"]),
        Case(name: "header only", file: Array("action,intent_id\n".utf8), code: 3, says: ["no_rows"]),
        Case(
            name: "wrong header", file: Array("action,intent\ncancel,1\n".utf8), code: 3,
            says: ["column_missing", "intent_id", "input.csv:1"]),
        Case(
            name: "near-miss column", file: Array("action,intent_id,ammount\ncancel,1,\n".utf8), code: 3,
            says: ["column_near_miss", "ammount", "amount"]),
        Case(
            name: "unterminated quote", file: Array("action,intent_id,reason\ncancel,1,\"no end\n".utf8),
            code: 3,
            says: ["quote_unterminated", "input.csv:2"]),
        Case(
            name: "invalid UTF-8", file: Array("action,intent_id,reason\ncancel,1,".utf8) + [0xE9, 0x0A],
            code: 3,
            says: ["utf8_invalid", "row 1"]),
        Case(
            name: "unknown account", arguments: ["run", "input.csv", "--account", "practise"], code: 78,
            says: ["practise", "practice"]),
        Case(
            name: "plain-text secret",
            configuration: configuration(
                "gateway: useepay", "base-url: https://openapi.useepay.com",
                "credentials: { merchant-no: \"1\", app-id: a, api-key: UseePay_SK_1234 }"),
            code: 78, says: ["intentbatch.yaml:5", "api-key", "env"]),
        Case(
            name: "plain http to another host",
            configuration: configuration(
                "gateway: useepay", "base-url: http://openapi.useepay.com",
                "credentials: { merchant-no: \"1\", app-id: a, api-key: { env: KEY } }"),
            code: 78, says: ["https"]),
        Case(
            name: "secret not set",
            configuration: configuration(
                "gateway: useepay", "base-url: https://openapi.useepay.com",
                "credentials: { merchant-no: \"1\", app-id: a, api-key: { env: NOT_SET_ANYWHERE } }"),
            code: 78, says: ["NOT_SET_ANYWHERE"]),
        Case(
            name: "unknown config key",
            configuration: configuration("gateway: useepay", "sandbox: { intents: i.ndjson }", "timeuot: 3s"),
            code: 78, says: ["intentbatch.yaml:5", "timeuot", "timeout"]),
        Case(name: "no configuration", configuration: "", code: 78, says: ["intentbatch.yaml"]),
        Case(
            name: "unknown job key", arguments: ["run", "job.yaml"], code: 78,
            says: ["job.yaml:3", "archvie", "did you mean `archive`?"]),
        Case(name: "unknown run", arguments: ["resume", "20990101"], code: 66, says: ["20990101"]),
        Case(name: "no arguments", arguments: ["run"], code: 64, says: ["file"]),
        Case(
            name: "unknown option", arguments: ["run", "input.csv", "--force"], code: 64, says: ["--force"]),
        Case(
            name: "reports is a file", arguments: ["run", "input.csv", "--reports", "input.csv"], code: 74,
            says: ["input.csv"]),
    ]

    @Test("a mistake is named, with the contract's exit code, and nothing is sent", arguments: cases)
    func mistake(_ testCase: Case) async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(Self.intents, to: "intents-useepay.ndjson")
        if let file = testCase.file {
            try Data(file).write(to: URL(fileURLWithPath: rehearsal.path("input.csv")))
        }
        try FileManager.default.createDirectory(
            atPath: rehearsal.path("state"), withIntermediateDirectories: true)
        try rehearsal.write("job: nightly\ninput: input.csv\narchvie: done\n", to: "job.yaml")
        if let configuration = testCase.configuration {
            if configuration.isEmpty {
                try FileManager.default.removeItem(atPath: rehearsal.path("intentbatch.yaml"))
            } else {
                try rehearsal.write(configuration, to: "intentbatch.yaml")
            }
        }
        let ended = try await rehearsal.start(testCase.arguments).end()
        #expect(ended.code == testCase.code, "\(ended.out)\(ended.err)")
        for words in testCase.says {
            #expect((ended.out + ended.err).contains(words), "\(ended.out)\(ended.err)")
        }
        if testCase.code != 64 { #expect(ended.err.contains("next: "), "\(ended.err)") }
        #expect(!(ended.out + ended.err).contains("UseePay_SK_1234"))
        #expect(try rehearsal.effects().isEmpty)

        let asJSON = try await rehearsal.start(testCase.arguments + ["--output", "json"]).end()
        #expect(asJSON.code == testCase.code, "\(asJSON.out)\(asJSON.err)")
        let object = try JSONValue(parsing: asJSON.out)
        #expect(object["exit_code"]?.int64 == Int64(testCase.code), "exactly one JSON object: \(asJSON.out)")
    }

    @Test("an unreachable gateway: exit 4, nothing lost, resumable")
    func unreachable() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(Self.good, to: "input.csv")
        // Port 1 of this machine: nobody listens there.
        try rehearsal.write(
            Self.configuration(
                "gateway: useepay", "base-url: http://127.0.0.1:1", "timeout: 300ms",
                "credentials: { merchant-no: \"1\", app-id: a, api-key: { env: KEY } }"),
            to: "intentbatch.yaml")
        try rehearsal.write("job: nightly\ninput: input.csv\noutage-wait: 1s\n", to: "job.yaml")
        let ended = try await rehearsal.run("run", "job.yaml", environment: ["KEY": "secret-4711"])
        #expect(ended.code == 4, "\(ended.err)")
        #expect(ended.err.contains("next: intentbatch resume "))
        #expect(ended.out.contains("1 open"))
        #expect(!(ended.out + ended.err).contains("secret-4711"))
    }

    @Test("refused credentials: exit 4 at once, the rows stay open, the right ones go on")
    func refusedCredentials() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(Self.good, to: "input.csv")
        try rehearsal.write(Self.intents, to: "intents-useepay.ndjson")
        let options = SandboxOptions(
            gateway: .useepay(credentials: .init(merchantNo: "1", appID: "a", apiKey: "right")),
            intentsPath: rehearsal.path("intents-useepay.ndjson"), ledgerPath: rehearsal.path("ledger.ndjson")
        )
        let folder = rehearsal.folder
        let codes = try await withSandbox(options) { url in
            try rehearsal.write(
                Self.configuration(
                    "gateway: useepay", "base-url: \(url)", "timeout: 2s",
                    "credentials: { merchant-no: \"1\", app-id: a, api-key: { env: KEY } }"),
                to: "intentbatch.yaml")
            let first = try await rehearsal.run("run", "input.csv", environment: ["KEY": "wrong"])
            #expect(first.err.contains("credentials"), "\(first.err)")
            let second = try await rehearsal.run("resume", environment: ["KEY": "right"])
            return [first.code, second.code]
        }
        #expect(codes == [4, 0])
        #expect(FileManager.default.fileExists(atPath: folder + "/state/intentbatch.sqlite"))
    }

    @Test("check lists every problem of the sample full of mistakes")
    func mistakesSample() async throws {
        let rehearsal = try Rehearsal()
        let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("samples/mistakes.csv").path
        let ended = try await rehearsal.run("check", sample)
        #expect(ended.code == 3)
        let codes = [
            "action_unknown", "amount_missing", "amount_too_many_decimals", "amount_decimal_mark",
            "currency_missing",
            "currency_unknown", "intent_id_invalid", "intent_id_missing", "amount_", "reference_duplicate",
            "duplicate", "field_count", "quote_unterminated",
        ]
        for code in codes { #expect(ended.out.contains(code), "\(code) in\n\(ended.out)") }
        #expect(ended.out.contains("Mend: "))
    }
}
