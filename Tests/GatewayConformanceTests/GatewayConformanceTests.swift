import Foundation
import Gateways
import Instructions
import Runs
import Sandbox
import TestSupport
import Testing

/// The fake and both real clients, the latter over real sockets against the sandbox, pass one examination.
@Suite("Every gateway")
struct GatewayConformanceTests {
    @Test("the fake, which has neither keys nor tokens")
    func fake() async throws {
        let profile = try #require(Gateways.profile(named: "useepay"))
        let usd = try #require(Currency(code: "USD"))
        let intents = GatewayConformance.subjects.map { id in
            PaymentIntent(
                id: id, status: "requires_capture", amount: Money(minorUnits: 10_000, currency: usd))
        }
        let gateway = FakeGateway(
            profile: profile, words: (cancelled: "canceled", captured: "succeeded"), intents: intents)
        #expect(await GatewayConformance(gateway).findings() == [])
    }

    @Test("the real clients against the sandbox", arguments: ["useepay", "mangopay"])
    func real(name: String) async throws {
        let folder = NSTemporaryDirectory() + "conformance-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let idKey = name == "mangopay" ? "Id" : "id"
        let lines = GatewayConformance.subjects.map { "{\"\(idKey)\": \"\($0)\"}\n" }.joined()
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/intents.ndjson"))
        let options = SandboxOptions(
            gateway: name == "mangopay" ? .mangopay(MangopayOptions(limits: [])) : .useepay(),
            intentsPath: folder + "/intents.ndjson", ledgerPath: folder + "/ledger.ndjson")
        let credentials = GatewayCredentials([
            "merchant-no": "1", "app-id": "a", "client-id": "acme", "api-key": "k",
        ])
        let findings = try await withSandbox(options) { url in
            let client = try Gateways.client(
                named: name,
                setup: GatewaySetup(
                    baseURL: GatewayURL.validated(url), credentials: credentials, concurrency: 4,
                    timeout: .seconds(10)))
            let findings = await GatewayConformance(client).findings()
            try await client.shutdown()
            return findings
        }
        #expect(findings == [])
    }
}
