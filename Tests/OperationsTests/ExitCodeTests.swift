import Gateways
import Operations
import Reports
import Runs
import Spool
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
    @Test("of several runs the gravest code is returned, in the contract's order")
    func gravity() {
        let order: [ExitCode] = [
            .internalError, .disk, .configuration, .busy, .missing, .stoppedItself, .interrupted,
            .someUnconfirmed, .fileRefused, .someNotApplied, .alreadyRun, .success,
        ]
        #expect(order.map(\.rawValue) == [70, 74, 78, 75, 66, 4, 5, 2, 3, 1, 6, 0])
        for (index, code) in order.enumerated() {
            #expect(ExitCode.gravest(Array(order[index...].reversed())) == code)
        }
        #expect(ExitCode.gravest([]) == .success)
        #expect(Set(order + [.usage]) == Set(ExitCode.allCases))
    }

    @Test("what a room throws has the contract's code")
    func rooms() {
        let cases: [(RunStoreError.Code, ExitCode)] = [
            (.disk, .disk), (.busy, .busy), (.inputTaken, .busy), (.unusable, .configuration),
            (.noSuchRun, .missing), (.ambiguousName, .missing), (.internalFault, .internalError),
        ]
        for (code, exit) in cases {
            let mapped = OperationError.of(RunStoreError(code: code, message: "why"))
            #expect(mapped.exitCode == exit)
            #expect(mapped.message == "why")
        }
        #expect(OperationError.of(CancellationError()).exitCode == .internalError)
    }

    @Test("an intents file has one ledger, and another file another one")
    func ledgers() {
        let state = StateLayout(directory: "/s")
        let one = state.sandboxLedger(gateway: "useepay", intents: "/a/intents.ndjson")
        #expect(one == state.sandboxLedger(gateway: "useepay", intents: "/a/intents.ndjson"))
        #expect(one != state.sandboxLedger(gateway: "useepay", intents: "/b/intents.ndjson"))
        #expect(one.hasPrefix("/s/sandbox/useepay-intents-"))
    }
}
