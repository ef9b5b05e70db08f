import Foundation
import HTTPTypes
import JSON
import Testing

@testable import Sandbox

@Suite("Fault scripts")
struct FaultScriptTests {
    private static let operations = UseePayRules.operations

    private static func parse(_ text: String) throws(FaultScript.Mistake) -> FaultScript {
        try FaultScript(parsing: Array(text.utf8), operations: operations)
    }

    @Test("Each kind of rule is read")
    func read() throws {
        let script = try Self.parse(
            #"""
            {"seed": 42, "faults": [
              {"operation": "cancel", "probability": 0.1, "do": "drop_after"},
              {"operation": "retrieve", "nth": 7, "intent_id": "x", "do": "drop_before"},
              {"operation": "*", "every": 10, "do": "delay", "milliseconds": 0},
              {"operation": "capture", "probability": 1, "do": "answer", "status": 503}]}
            """#)
        #expect(
            script
                == FaultScript(
                    seed: 42,
                    rules: [
                        .init(operation: "cancel", trigger: .probability(0.1), fault: .dropAfter),
                        .init(operation: "retrieve", intentID: "x", trigger: .nth(7), fault: .dropBefore),
                        .init(trigger: .every(10), fault: .delay(milliseconds: 0)),
                        .init(
                            operation: "capture", trigger: .probability(1),
                            fault: .answer(ScriptedAnswer(answer: SandboxAnswer(status: 503)))),
                    ]))
        #expect(try Self.parse(#"{"faults":[]}"#).seed == 1)
    }

    @Test(
        "Each fault is read with its own keys",
        arguments: [
            (#""do":"late","milliseconds":5"#, .late(milliseconds: 5)),
            (#""do":"drip","milliseconds":10000"#, .drip(milliseconds: 10_000)),
            (#""do":"hang""#, .hang(apply: false)), (#""do":"hang","apply":true"#, .hang(apply: true)),
            (#""do":"half_status","apply":false"#, .halfStatus(apply: false)),
            (#""do":"html""#, .html(status: 502, apply: false)),
            (#""do":"html","status":200,"apply":true"#, .html(status: 200, apply: true)),
            (#""do":"wrong_id""#, .damaged(.wrongID)), (#""do":"wrong_amount""#, .damaged(.wrongAmount)),
            (#""do":"truncated""#, .damaged(.truncated)),
            (#""do":"duplicate_keys""#, .damaged(.duplicateKeys)),
            (
                #""do":"apply_then_status","status":500"#,
                .applyThenStatus(ScriptedAnswer(answer: SandboxAnswer(status: 500)))
            ),
            (
                #""do":"answer","status":503,"headers":{"retry-after":"date-90s"}"#,
                .answer(ScriptedAnswer(answer: SandboxAnswer(status: 503), retryAfterSeconds: -90))
            ),
            (
                #""do":"answer","status":503,"headers":{"Retry-After":"date+s"}"#,
                .answer(ScriptedAnswer(answer: .init(status: 503, headers: [.retryAfter: "date+s"])))
            ),
            (#""do":"revoke_token""#, .special(.revokeToken)),
            (#""do":"forget_keys""#, .special(.forgetKeys)),
        ] as [(String, Fault)])
    func kinds(text: String, fault: Fault) throws {
        let script = #"{"faults":[{"operation":"*","nth":1,\#(text)}]}"#
        let read = try FaultScript(
            parsing: Array(script.utf8), operations: [], specials: SpecialFault.allCases)
        #expect(read.rules.map(\.fault) == [fault])
        #expect(text.contains("\"do\":\"\(fault.name)\""))
    }

    @Test("Every fault has an example in docs/sandbox.md, and each example is read")
    func documented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/sandbox.md")
        var names: Set<String> = []
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix(#"| `"do": "#) else { continue }
            let example = line.split(separator: "`")[1]
            let script = #"{"faults":[{"operation":"*","nth":1,\#(example)}]}"#
            let read = try FaultScript(
                parsing: Array(script.utf8), operations: [], specials: SpecialFault.allCases)
            names.formUnion(read.rules.map(\.fault.name))
        }
        #expect(names == Set(Fault.commonNames + SpecialFault.allCases.map(\.rawValue)))
    }

    @Test(
        "What is not known is refused with its place",
        arguments: [
            ("", "not JSON at byte 0"), ("[]", "the script must be an object"),
            ("{}", "faults is missing"), (#"{"faults":[],"sed":1}"#, "unknown key sed"),
            (#"{"faults":[],"faults":[]}"#, "the key faults twice"),
            (#"{"seed":-1,"faults":[]}"#, "seed must be"), (#"{"seed":1.5,"faults":[]}"#, "seed must be"),
            (#"{"faults":[7]}"#, "faults[0].do must be one of"),
            (#"{"faults":[{"operation":"cancel","nth":1,"do":"explode"}]}"#, "faults[0].do must be one of"),
            (
                #"{"faults":[{"operation":"cancl","nth":1,"do":"drop_before"}]}"#,
                "operation must be one of retrieve"
            ),
            (#"{"faults":[{"nth":1,"do":"drop_before"}]}"#, "operation must be one of"),
            (
                #"{"faults":[{"operation":"*","do":"drop_before"}]}"#,
                "exactly one of probability, nth, every, above"
            ),
            (
                #"{"faults":[{"operation":"*","above":5,"do":"drop_before"}]}"#,
                "within must be a whole number"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"within":5,"do":"drop_before"}]}"#,
                "within belongs to above"
            ),
            (#"{"faults":[{"operation":"*","nth":1,"every":2,"do":"drop_before"}]}"#, "exactly one of"),
            (
                #"{"faults":[{"operation":"*","nth":0,"do":"drop_before"}]}"#,
                "nth must be a whole number from 1 on"
            ),
            (
                #"{"faults":[{"operation":"*","every":"2","do":"drop_before"}]}"#,
                "every must be a whole number"
            ),
            (#"{"faults":[{"operation":"*","probability":1.1,"do":"drop_before"}]}"#, "probability must be"),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"drop_before","status":500}]}"#,
                "unknown key status"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"drop_before","intent_id":5}]}"#,
                "intent_id must be"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"answer"}]}"#,
                "status must be a whole number from 200 to"
            ),
            (#"{"faults":[{"operation":"*","nth":1,"do":"answer","status":101}]}"#, "status must be"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"answer","status":204,"body":"x"}]}"#, "has no body"),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"answer","status":500,"headers":[]}]}"#,
                "headers must be"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"answer","status":500,"headers":{"a b":"c"}}]}"#,
                "headers.a b must be a header name"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"answer","status":500,"headers":{"a":"\r\nc"}}]}"#,
                "headers.a must be"
            ),
            (
                #"{"faults":[{"operation":"*","nth":1,"do":"answer","status":500,"#
                    + #""headers":{"Content-Length":"1"}}]}"#,
                "belongs to the server"
            ),
            (#"{"faults":[{"operation":"*","nth":1,"do":"delay"}]}"#, "milliseconds must be"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"late"}]}"#, "milliseconds must be"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"drip","milliseconds":10001}]}"#, "0 to 10000"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"hang","apply":1}]}"#, "apply must be true or false"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"html","status":304}]}"#, "has no body"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"truncated","apply":true}]}"#, "unknown key apply"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"apply_then_status"}]}"#, "status must be"),
            // UseePay has neither tokens nor keys.
            (#"{"faults":[{"operation":"*","nth":1,"do":"revoke_token"}]}"#, "faults[0].do must be one of"),
            (#"{"faults":[{"operation":"*","nth":1,"do":"forget_keys"}]}"#, "faults[0].do must be one of"),
        ])
    func refused(text: String, words: String) {
        let error = #expect(throws: FaultScript.Mistake.self) { try Self.parse(text) }
        #expect(error?.what.contains(words) == true, "\(error?.what ?? "")")
    }

    @Test("A missing script, and a bad one, are named by their file")
    func files() throws {
        var fixture = try SandboxFixture([], faults: "{}")
        defer { fixture.remove() }
        for path in [fixture.options.faultsPath ?? "", "/nowhere/faults.json"] {
            fixture.options.faultsPath = path
            let error = #expect(throws: SandboxError.self) { try Sandbox(options: fixture.options) }
            #expect(error?.code == .faults)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("nth and every count the calls that the rule selects, and the first rule that strikes wins")
    func counting() throws {
        var schedule = FaultSchedule(
            try Self.parse(
                #"""
                {"faults": [
                  {"operation": "cancel", "nth": 2, "do": "drop_before"},
                  {"operation": "cancel", "intent_id": "b", "nth": 2, "do": "drop_after"},
                  {"operation": "*", "every": 3, "do": "delay", "milliseconds": 1}]}
                """#))
        let calls = [
            ("cancel", "a"), ("retrieve", "a"), ("cancel", "b"), ("cancel", "b"), ("capture", "b"),
            ("unknown", nil),
        ]
        let struck = calls.map { schedule.fault(operation: $0.0, intentID: $0.1, at: 0)?.name }
        #expect(struck == [nil, nil, "drop_before", "drop_after", nil, "delay"])
    }

    @Test("a limit strikes what comes beyond it within its time, and does not count what it struck")
    func limit() throws {
        var schedule = FaultSchedule(
            try Self.parse(
                #"{"faults":[{"operation":"*","above":2,"within":1000,"do":"drop_before"}]}"#))
        let times: [Int64] = [0, 100, 200, 999, 1000, 1099, 1100, 1101]
        let struck = times.map { schedule.fault(operation: "cancel", intentID: nil, at: $0) != nil }
        #expect(struck == [false, false, true, true, false, true, false, true])
    }

    @Test("Chance repeats for a seed, differs between seeds and rules, and comes near its probability")
    func chance() {
        func strikes(seed: UInt64, rule: Int, _ probability: Double) -> [Bool] {
            (1...20_000).map {
                FaultSchedule.strikes(.probability(probability), seed: seed, rule: rule, number: $0)
            }
        }
        let reference = strikes(seed: 1, rule: 0, 0.1)
        #expect(reference == strikes(seed: 1, rule: 0, 0.1))
        #expect(reference != strikes(seed: 2, rule: 0, 0.1))
        #expect(reference != strikes(seed: 1, rule: 1, 0.1))
        for seed in UInt64(0)..<5 {
            for rule in 0..<3 {
                // 2000 expected, standard deviation 42: six of them.
                let count = strikes(seed: seed, rule: rule, 0.1).filter { $0 }.count
                #expect(abs(count - 2000) < 255, "seed \(seed), rule \(rule): \(count)")
            }
        }
        #expect(!strikes(seed: 1, rule: 0, 0).contains(true))
        #expect(!strikes(seed: 1, rule: 0, 1).contains(false))
        // Pinned: a script must strike the same calls after an upgrade.
        #expect(reference.indices.filter { reference[$0] }.prefix(4).map { $0 + 1 } == [31, 36, 47, 61])
    }
}
