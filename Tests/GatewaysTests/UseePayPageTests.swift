import Gateways
import Instructions
import JSON
import Runs
import Testing

@Suite("The original UseePay page")
struct UseePayPageTests {
    @Test("The request of the page: method, path, headers and body, field by field")
    func request() async throws {
        let page = try JSONValue(parsing: #"{ "cancellation_reason": "Order cancelled" }"#)
        let (_, requests) = try await answer(to: cancelCall(), .answer(http(200, "{}")))
        let request = try #require(requests.first)
        #expect(request.line == "POST /api/v1/payment_intents/1012411211459019141/cancel HTTP/1.1")
        #expect(try JSONValue(parsing: request.body) == page)
        #expect(request.body == #"{"cancellation_reason":"Order cancelled"}"#)
        var headers = request.headers
        #expect(headers.removeValue(forKey: "host")?.hasPrefix("127.0.0.1:") == true)
        #expect(
            headers == [
                "x-merchant-no": "500000000007245", "x-api-key": apiKey, "x-app-id": "www.pay.com",
                "content-type": "application/json", "accept": "application/json", "user-agent": "intentbatch",
                "content-length": "41",
            ])
        #expect(requests.count == 1)
    }

    @Test("Reading sends no body and no content type")
    func readRequest() async throws {
        let (_, requests) = try await answer(to: readCall, .answer(http(200, "{}")))
        let request = try #require(requests.first)
        #expect(request.line == "GET /api/v1/payment_intents/1012411211459019141 HTTP/1.1")
        #expect(request.body.isEmpty)
        #expect(request.headers["content-type"] == nil)
        #expect(request.headers["content-length"] == nil)
        #expect(request.headers["x-api-key"] == apiKey)
    }

    @Test("Every field of the page's response that is read, to a cancel and to a read")
    func response() async throws {
        for call in [cancelCall(id: originalResponseID), .read(intentID: originalResponseID)] {
            let (answer, _) = try await answer(to: call, .answer(http(200, originalResponse)))
            guard case .intent(let intent) = answer.kind else {
                Issue.record("\(answer)")
                continue
            }
            #expect(intent.id == originalResponseID)
            #expect(intent.status == "canceled")
            #expect(intent.amount == (try money("100.23", "USD")))
            #expect(intent.captured == nil)
            #expect(intent.cancelled == nil)
            #expect(intent.cancellationReason == "Order canceled")
            #expect(intent.gatewayReference == "72934khwqjry09ew802")
            #expect(intent.lines.isEmpty && intent.captures.isEmpty)
            #expect(answer.httpStatus == 200 && answer.gatewayCode == nil && answer.message == nil)
        }
    }

    @Test("Every other field of the page's response may be missing, null, or anything")
    func otherFieldsAreTolerated() async throws {
        let page = try #require(try JSONValue(parsing: originalResponse).object)
        let needed: Set = ["id", "amount", "currency", "status"]
        let read: Set = [
            "id", "code", "amount", "currency", "status", "captured_amount", "cancellation_reason",
            "merchant_order_id",
        ]
        var bodies: [String] = []
        for key in page.members.map(\.key) where !needed.contains(key) {
            var without = page
            without[key] = nil
            bodies.append(JSONValue.object(without).text)
            var null = page
            null[key] = .null
            bodies.append(JSONValue.object(null).text)
            guard !read.contains(key) else { continue }
            for odd: JSONValue in ["text", .number("1e999"), .array([.null]), .object(JSONObject()), true] {
                var changed = page
                changed[key] = odd
                bodies.append(JSONValue.object(changed).text)
            }
        }
        #expect(bodies.count > 150)
        let call = GatewayCall.read(intentID: originalResponseID)
        try await ScriptedServer.running(bodies.map { .answer(http(200, $0)) }) { server in
            try await withClient("http://127.0.0.1:\(server.port)") { client in
                for body in bodies {
                    let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                    guard case .intent = answer.kind else {
                        Issue.record("\(answer) to \(body)")
                        continue
                    }
                }
            }
        }
    }

    @Test("Without one of the four needed fields, or with null there, the answer proves nothing")
    func neededFields() async throws {
        let page = try #require(try JSONValue(parsing: originalResponse).object)
        for key in ["id", "amount", "currency", "status"] {
            for value: JSONValue? in [nil, .null, .object(JSONObject()), .bool(true), .string("")] {
                var changed = page
                changed[key] = value
                let (answer, _) = try await answer(
                    to: .read(intentID: originalResponseID),
                    .answer(http(200, JSONValue.object(changed).text)))
                #expect(answer.kind == .ambiguous)
                #expect(answer.message?.contains(key) == true, "\(answer)")
            }
        }
    }

    @Test("Both spellings of cancelled mean cancelled")
    func spellings() async throws {
        let profile = UseePayProfile.profile(assume: [:])
        for status in ["canceled", "cancelled"] {
            let (answer, _) = try await answer(
                to: cancelCall(), .answer(http(200, intentBody(status: "\"\(status)\""))))
            guard case .intent(let intent) = answer.kind else {
                Issue.record("\(answer)")
                continue
            }
            #expect(intent.status == status)
            #expect(profile.state(of: intent.status) == .cancelled)
        }
    }
}
