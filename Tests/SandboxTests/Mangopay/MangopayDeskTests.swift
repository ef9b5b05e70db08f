import HTTPTypes
import JSON
import Testing

@testable import Sandbox

@Suite("The desk with Mangopay's rules")
struct MangopayDeskTests {
    @Test("An answer that replaces the rules' own is what the key keeps, of that call only")
    func replaced() throws {
        var rules = MangopayRules(intents: [:], options: .init())
        let client = rules
        let token = MangopayTokens(lifeSeconds: 60).issue(to: "acme", at: 0)
        var headers: HTTPFields = [.authorization: "bearer " + token, .contentLength: "0"]
        headers[try #require(HTTPField.Name("Idempotency-Key"))] = "0123456789abcdef"
        let request = SandboxRequest(
            method: .post, path: "/v3.0/acme/payins/intents/none/cancel", headers: headers)
        let call = rules.arrived(client.recognise(request), number: 7, at: 1000)
        guard case .answer(let answer) = rules.judge(call, request) else {
            Issue.record("A cancel of an unknown intent had an effect.")
            return
        }
        #expect(rules.storedInstead(SandboxAnswer(status: 500), to: call, request) == nil)
        let stored = try #require(rules.stored(answer, to: call, request, at: Timestamp.text(1000)))
        #expect(stored.status == 404)
        rules.keep(stored)
        let instead = try #require(
            rules.storedInstead(SandboxAnswer(status: 500, body: Array("down".utf8)), to: call, request))
        rules.keep(instead)
        let kept = try #require(rules.storedAnswers.answer(client: "acme", key: "0123456789abcdef", at: 1000))
        #expect(kept.status == 500)
        #expect(kept.wire["Resource"] == "down")
        let later = rules.arrived(client.recognise(request), number: 8, at: 1000)
        #expect(rules.storedInstead(SandboxAnswer(status: 200), to: later, request) == nil)
    }

    @Test("The cost of a request does not grow with the intents: the state is changed in place, not copied")
    func inPlace() async throws {
        func duration(intents count: Int) async throws -> Duration {
            let fixture = try SandboxFixture.mangopay([])
            defer { fixture.remove() }
            let intents = try (0..<count).map { try MangopayIntent(line: Array(#"{"Id":"i\#($0)"}"#.utf8)) }
            let desk = try GatewayDesk(
                rules: MangopayRules(
                    intents: Dictionary(uniqueKeysWithValues: intents.map { ($0.id, $0) }), options: .init()),
                faults: .nothing, ledgerPath: fixture.options.ledgerPath, unixMilliseconds: { 0 })
            let token = MangopayTokens(lifeSeconds: 1).issue(to: "acme", at: 0)
            // The best of four: the other tests run beside this one.
            var best = Duration.seconds(1000)
            for part in 0..<4 {
                let start = ContinuousClock.now
                for number in (part * 250)..<(part * 250 + 250) {
                    var headers: HTTPFields = [.authorization: "bearer " + token, .contentLength: "0"]
                    headers[try #require(HTTPField.Name("Idempotency-Key"))] = "0123456789abcdef-\(number)"
                    let request = SandboxRequest(
                        method: .post, path: "/v3.0/acme/payins/intents/i\(number)/cancel", headers: headers)
                    let arrival = try await desk.arrive(request, at: 0)
                    #expect(try await desk.carryOut(request, arrival, answering: true).status == 200)
                }
                best = min(best, ContinuousClock.now - start)
            }
            return best
        }
        let few = try await duration(intents: 1000)
        #expect(try await duration(intents: 40_000) < few * 10)
    }
}
