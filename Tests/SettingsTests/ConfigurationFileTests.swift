import Instructions
import Testing

@testable import Settings

@Suite struct ConfigurationFileTests {
    @Test("A whole configuration is read with absolute paths and defaults")
    func whole() throws {
        let extra = """
            limits: [2300/15m]
            reserve: 2.5%
            concurrency: 64
            timeout: 500ms
            assume: { partial-capture: final }
            """
        let file = try ConfigurationFile.parse(
            configuration(extra), path: "/etc/ib/intentbatch.yaml", profiles: profiles)
        #expect(file.path == "/etc/ib/intentbatch.yaml")
        #expect(file.defaultAccount == "useepay-eu")
        #expect(file.state == "/etc/ib/var/state")
        #expect(file.accounts.map(\.name) == ["useepay-eu", "practice"])

        var live = AccountSettings(name: "useepay-eu", gateway: "useepay", line: 4)
        live.baseURL = "https://openapi.useepay.com"
        live.credentials = [
            "merchant-no": .text("500000000007245"), "app-id": .text("www.pay.com"),
            "api-key": .environment("USEEPAY_KEY"),
        ]
        live.limits = [RateLimit(calls: 2300, window: .seconds(900))]
        live.reservePartsPerMillion = 25_000
        live.concurrency = 64
        live.timeout = .milliseconds(500)
        live.assume = ["amount-unit": "major", "partial-capture": "final"]
        #expect(file.accounts[0] == live)

        var practice = AccountSettings(name: "practice", gateway: "useepay", line: 13)
        practice.sandbox = SandboxSettings(
            intents: "/etc/ib/samples/intents.ndjson", faults: "/srv/faults.json")
        practice.assume = ["amount-unit": "major", "partial-capture": "refused"]
        #expect(file.accounts[1] == practice)
        #expect(practice.concurrency == 16)
        #expect(practice.timeout == .seconds(30))
        #expect(practice.limits == nil)
    }

    @Test(
        "Unquoted scalars are taken by their text, never as numbers",
        arguments: ["007", "500000000007245", "5e3", "0x1F", "1_000", "true", "12345678901234567890123"])
    func exactText(merchant: String) throws {
        let text = configuration().replacing("\"500000000007245\"", with: merchant)
        let file = try ConfigurationFile.parse(text, path: "/c.yaml", profiles: profiles)
        #expect(file.accounts[0].credentials["merchant-no"] == .text(merchant))
    }

    @Test("A secret file's path belongs to the configuration's folder")
    func secretPath() throws {
        let text = configuration().replacing("env: USEEPAY_KEY", with: "file: ./secrets/key")
        let file = try ConfigurationFile.parse(text, path: "/etc/ib/c.yaml", profiles: profiles)
        #expect(file.accounts[0].credentials["api-key"] == .file("/etc/ib/secrets/key"))
    }

    struct Bad: CustomTestStringConvertible {
        /// Part of the right configuration, and what stands there instead.
        let replace: String
        let with: String
        let line: Int
        let message: String
        var testDescription: String { with }

        init(_ replace: String, _ with: String, _ line: Int, _ message: String) {
            self.replace = replace
            self.with = with
            self.line = line
            self.message = message
        }
    }

    @Test(
        "A mistake is reported once, with its line and how to mend it",
        arguments: [
            Bad(
                "state:", "sate:", 2, "unknown key `sate`, did you mean `state`? known keys: default-account,"
            ),
            Bad("default-account:", "Default_Account:", 1, "did you mean `default-account`?"),
            Bad(
                "account: useepay-eu", "account: usepay-eu", 1,
                "unknown account `usepay-eu`, did you mean `useep"),
            Bad(
                "gateway: useepay\n    base", "gatway: useepay\n    base", 5,
                "unknown key `gatway`, did you mean"),
            Bad("gateway: useepay\n    base", "gateway: usepay\n    base", 5, "did you mean `useepay`?"),
            Bad("https://openapi", "http://openapi", 6, "must start with https://"),
            Bad("https://openapi.useepay.com/", "openapi.useepay.com", 6, "must be an address"),
            Bad("https://openapi.useepay.com/", "https://key@host", 6, "must not have a user"),
            Bad("https://openapi.useepay.com/", "https://host:99999", 6, "the port"),
            Bad("    base-url: https://openapi.useepay.com/", "    timeout: 1s", 4, "`base-url` is missing"),
            Bad("    credentials: {", "    Credential: {", 7, "did you mean `credentials`?"),
            Bad("{ env: USEEPAY_KEY }", "topsecret", 7, "`api-key` must not stand here in plain text"),
            Bad(
                "{ env: USEEPAY_KEY }", "\"topsecret\"", 7,
                "write `{ env: VARIABLE }` or `{ file: PATH }`"),
            Bad("env: USEEPAY_KEY", "env: UseePay_SK_topsecret", 7, "not contain the secret itself"),
            Bad("env: USEEPAY_KEY", "env: top-secret", 7, "must name an environment variable"),
            Bad("env: USEEPAY_KEY", "env: A, file: b", 7, "needs exactly one of"),
            Bad("env: USEEPAY_KEY", "", 7, "needs exactly one of"),
            Bad("env: USEEPAY_KEY", "evn: A", 7, "did you mean `env`?"),
            Bad(
                ", app-id: www.pay.com", "", 7, "`app-id` is missing: this gateway needs merchant-no, app-id,"
            ),
            Bad("www.pay.com", "\"www pay \"", 7, "`app-id` must be at most 256 printable"),
            Bad("www.pay.com", "[a]", 7, "`app-id` must be one value"),
            Bad("www.pay.com", "~", 7, "`app-id` has no value"),
            Bad("intents: samples/intents.ndjson, ", "", 10, "`intents` is missing"),
            Bad("faults: /srv", "fault: /srv", 10, "did you mean `faults`?"),
            Bad(
                "{ intents: samples/intents.ndjson, faults: /srv/faults.json }", "true", 10,
                "`sandbox` must consist"),
            Bad("samples/intents", "~/samples/intents", 10, "`~` is not expanded"),
            Bad("  practice:", "  prac tice:", 8, "this is no account name"),
            Bad("  practice:", "  useepay-eu:", 4, "`useepay-eu` is written twice"),
            Bad("  practice:", "  ? [a]\n  :", 8, "a key must be a plain word"),
            Bad("accounts:", "accounts: [", 5, "not YAML"),
            Bad("state: var/state", "\tstate: x", 2, "not YAML"),
            Bad("  practice:", "---\nb:", 8, "another document"),
            Bad("var/state", "*nothing", 2, "undefined alias"),
            Bad("\"500000000007245\"", "\"50\\q\"", 7, "not YAML"),
        ])
    func bad(_ bad: Bad) throws {
        // Without an empty line for extra account lines, so that lines can be counted.
        let right = configuration().replacing("\n\n", with: "\n")
        let text = right.replacing(bad.replace, with: bad.with, maxReplacements: 1)
        #expect(text != right)
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "c.yaml", profiles: profiles)
        }
        let problems = try #require(error).problems
        let told = problems.contains { $0.line == bad.line && $0.message.contains(bad.message) }
        #expect(told, "\(problems)")
        #expect(!"\(problems)".contains("topsecret"))
    }

    @Test(
        "A wrong account option is reported at its own line",
        arguments: [
            ("reserve: 100%", "`reserve`: 100% leaves nothing for the run"),
            ("reserve: 10", "`reserve`: `10` is no share; write `1%` or `0.25%`"),
            ("key-lifetime: 24h", "`key-lifetime` has no meaning at useepay"),
            ("external-data: required", "`external-data` has no meaning at useepay"),
            ("limits: 5/1s", "must be a list with at least one value, such as `limits: [5/1s]`"),
            ("limits: []", "must be a list with at least one value"),
            ("limits: [5]", "`5` is no limit; write calls per window"),
            ("limits: [0/1s]", "`0/1s` is no limit"),
            ("limits: [-5/1s]", "`-5/1s` is no limit"),
            ("limits: [5/1s/2]", "`5/1s/2` is no limit"),
            ("limits: [5/0s]", "`5/0s` is no limit"),
            ("limits: [5/1]", "`1` has no unit; write for example `1s`; units are ms, s, m, h"),
            ("limits: [5/1d]", "`d` is no unit of time here; units are ms, s, m, h"),
            ("concurrency: 0", "must be a whole number from 1 to 1024, not `0`"),
            ("concurrency: 1025", "not `1025`"),
            ("concurrency: 1e2", "not `1e2`"),
            ("concurrency: +5", "not `+5`"),
            ("concurrency:", "`concurrency` has no value"),
            ("concurrency: {}", "`concurrency` must be one value"),
            ("timeout: 30", "`30` has no unit"),
            ("timeout: 30 s", "`30 s` is no duration"),
            ("timeout: 1.5m", "`1.5m` is no duration"),
            ("timeout: 30sec", "`sec` is no unit"),
            ("timeout: 99ms", "99ms is outside 100ms to 10m"),
            ("timeout: 11m", "11m is outside 100ms to 10m"),
            ("timeout: 99999999999h", "is no duration"),
            ("timeout: \"\"", "`timeout` has no value"),
            ("assume: { partial-captures: final }", "did you mean `partial-capture`?"),
            (
                "assume: { partial-capture: finl }",
                "unknown value `finl`, did you mean `final`? allowed: refused, final"
            ),
            ("assume: [final]", "`assume` must consist of `key: value` lines"),
            ("sandbox: { intents: x }", "an account with `sandbox:` has no `base-url`"),
            ("<<: x", "unknown key `<<`"),
        ])
    func badOption(line: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(configuration(line), path: "c.yaml", profiles: profiles)
        }
        let problems = try #require(error).problems
        let expectedLine = line.hasPrefix("sandbox") ? 6 : 8
        let told = problems.contains { $0.line == expectedLine && $0.message.contains(message) }
        #expect(told, "\(problems)")
    }

    @Test("All problems of a file are reported, in the order of its lines")
    func allProblems() throws {
        let text = """
            stat: x
            accounts:
              a:
                gateway: useepay
                base-url: ftp://x
                credentials: { app-id: b }
                timeout: 5
              b: {}
            default-account: c
            """
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "intentbatch.yaml", profiles: profiles)
        }
        #expect(
            try #require(error).description == """
                intentbatch.yaml:1:1: unknown key `stat`, did you mean `state`? \
                known keys: default-account, state, accounts
                intentbatch.yaml:5:15: `base-url` must be an address such as https://openapi.useepay.com
                intentbatch.yaml:6:5: `merchant-no` is missing: \
                this gateway needs merchant-no, app-id, api-key
                intentbatch.yaml:6:5: `api-key` is missing: this gateway needs merchant-no, app-id, api-key
                intentbatch.yaml:7:14: `timeout`: `5` has no unit; write for example `5s`; \
                units are ms, s, m, h
                intentbatch.yaml:8:3: `gateway` is missing: name one of useepay
                intentbatch.yaml:9:18: unknown account `c`, did you mean `a`? known accounts: a, b
                """)
    }

    @Test(
        "A file without accounts is refused",
        arguments: ["", "# only a comment", "[]", "text", "state: /x", "accounts: {}", "accounts:"])
    func withoutAccounts(text: String) {
        #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "c.yaml", profiles: profiles)
        }
    }

    @Test("The account is the option's, else the job's, else the default, else the only one")
    func choosing() throws {
        let file = try ConfigurationFile.parse(configuration(), path: "/c.yaml", profiles: profiles)
        let job = try JobFile.parse("job: j\ninput: i\naccount: practice", path: "j.yaml")
        #expect(try file.account(option: "useepay-eu", job: job).name == "useepay-eu")
        #expect(try file.account(option: nil, job: job).name == "practice")
        #expect(try file.account(option: nil, job: nil).name == "useepay-eu")
        let without = configuration().replacing("default-account: useepay-eu", with: "")
        let several = try ConfigurationFile.parse(without, path: "/c.yaml", profiles: profiles)
        let error = #expect(throws: ConfigurationError.self) { try several.account(option: nil, job: nil) }
        #expect(try #require(error).description.contains("(useepay-eu, practice); name one with --account"))
        let mistyped = #expect(throws: ConfigurationError.self) {
            try file.account(option: "practise", job: nil)
        }
        #expect(
            try #require(mistyped).description
                == "unknown account `practise`, did you mean `practice`? known accounts: useepay-eu, practice"
        )
        let unknown = try JobFile.parse("job: j\ninput: i\naccount: zzzzzz", path: "j.yaml")
        let inJob = #expect(throws: ConfigurationError.self) { try file.account(option: nil, job: unknown) }
        #expect(try #require(inJob).description.hasPrefix("j.yaml:3: unknown account `zzzzzz`; known"))
    }

    @Test("Whatever is cut off, doubled or replaced, the reading ends with a value or with problems")
    func damaged() {
        let bytes = Array(configuration("limits: [5/1s]\nassume: { partial-capture: final }").utf8)
        let alphabet = Array("{}[]:,#&*!|>'\"%@`?- \n\t~\u{0}a7é".utf8)
        var generator = SeededGenerator(state: 7)
        var refused = 0
        for round in 0..<6000 {
            var copy = bytes
            if round < bytes.count {
                copy.removeLast(bytes.count - round)
            } else {
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let at = Int.random(in: 0..<copy.count, using: &generator)
                    switch Int.random(in: 0...2, using: &generator) {
                    case 0: copy[at] = alphabet.randomElement(using: &generator) ?? 0
                    case 1: copy.insert(alphabet.randomElement(using: &generator) ?? 0, at: at)
                    default: copy.remove(at: at)
                    }
                }
            }
            let text = String(decoding: copy, as: UTF8.self)
            do {
                let file = try ConfigurationFile.parse(text, path: "c.yaml", profiles: profiles)
                #expect(!file.accounts.isEmpty)
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(refused > 3000)
    }

    @Test("Nesting far beyond any configuration is refused", arguments: ["[", "{a: "])
    func nesting(opening: String) {
        let text = "accounts: " + String(repeating: opening, count: 5_000)
        #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, path: "c.yaml", profiles: profiles)
        }
    }
}

/// SplitMix64; the seed makes a failure repeatable.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
