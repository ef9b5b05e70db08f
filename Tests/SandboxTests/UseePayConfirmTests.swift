import JSON
import Testing

@testable import Sandbox

@Suite("UseePay's confirm over real HTTP")
struct UseePayConfirmTests {
    @Test(
        "A confirm leads where its fields and the intent's say",
        arguments: [
            // create, confirm, status after it, captured, status after a second confirm
            ("", nil, "requires_capture", nil, nil),
            ("", "[]", "requires_capture", nil, nil),
            (#","auto_capture":true"#, "{}", "succeeded", "100.23", nil),
            (#","auto_capture":true"#, #"{"auto_capture":false}"#, "requires_capture", nil, nil),
            (
                #","payment_method_options":{"card":{"auto_capture":true}}"#, "{}", "succeeded", "100.23",
                nil
            ),
            (
                #","auto_capture":false,"payment_method_options":{"card":{"auto_capture":true}}"#, "{}",
                "requires_capture", nil, nil
            ),
            (
                #","auto_capture":false"#, #"{"payment_method_options":{"card":{"auto_capture":true}}}"#,
                "succeeded", "100.23", nil
            ),
            (
                #","payment_method_options":{"card":{"three_ds_action":"force_3ds"}}"#, nil,
                "requires_customer_action", nil, "requires_capture"
            ),
            (
                #","auto_capture":true"#,
                #"{"payment_method_options":{"card":{"three_ds_action":"force_3ds"}}}"#,
                "requires_customer_action", nil, "succeeded"
            ),
            (#","metadata":{"sandbox_confirm":"failed"}"#, nil, "failed", nil, nil),
            ("", #"{"metadata":{"sandbox_confirm":"pending"}}"#, "pending", nil, nil),
        ] as [(String, String?, String, String?, String?)])
    func confirm(create: String, body: String?, status: String, captured: String?, then: String?) async throws
    {
        let fixture = try SandboxFixture([])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let created = try await Client.create(base, UseePayWritingTests.body("1", create))
            let id = try #require(created.json["id"]?.string)
            let reply = try await Client.confirm(base, id, body)
            #expect(reply.status == 200)
            #expect(reply.json["status"]?.string == status)
            #expect(reply.json["captured_amount"]?.number == captured)
            #expect((reply.json["next_action"]?["redirect"]?["url"] != nil) == (then != nil))
            #expect((reply.json["last_payment_error"] != nil) == (status == "failed"))
            #expect(try await Client.retrieve(base, id).body == reply.body)
            let second = try await Client.confirm(base, id)
            #expect(second.status == (then == nil ? 400 : 200))
            if let then {
                #expect(second.json["status"]?.string == then)
                #expect(second.json["next_action"] == .null)
            } else {
                #expect(second.json["source"] == "status")
            }

            // The same at once.
            if body == nil {
                let atOnce = try await Client.create(
                    base, UseePayWritingTests.body("2", create + #","confirm":true"#))
                #expect(atOnce.status == 200)
                #expect(atOnce.json["status"]?.string == status)
                #expect(atOnce.json["confirm"] == true)
            }
        }
        let effects = try fixture.ledger().filter { $0["kind"]?.string == "effect" }
        #expect(effects.count == (then == nil ? 1 : 2))
        #expect(effects.allSatisfy { $0["operation"] == "confirm" && $0["amount"] == "100.23" })
    }
}
