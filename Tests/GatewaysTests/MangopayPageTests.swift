import Gateways
import Instructions
import JSON
import Runs
import Testing

@Suite("The original Mangopay page")
struct MangopayPageTests {
    private static let pageData: ExternalData = {
        // 3 October 2024, midnight UTC: the page's "03-10-2024".
        var data = ExternalData(processingDate: 1_727_913_600)
        data.providerReference = "cancel-stripe-d5fad854-117c-4b1a-bf15-d8e2846749c7"
        data.merchantReference = "cancel-order-1d1d3c30-5f0f-4cda-ad0d-7ab3c315de3d"
        data.providerName = "Stripe"
        data.providerPaymentMethod = "PAYPAL"
        return data
    }()

    @Test("The request of the page: method, path, headers and body, field by field; the date as Unix seconds")
    func request() async throws {
        let call = GatewayCall.change(
            mangopayChange(.cancel, id: originalMangopayID, externalData: Self.pageData))
        let (_, requests) = try await mangopayAnswer(to: call, .answer(http(200, "{}")))
        let request = try #require(requests.first)
        #expect(request.line == "POST /v3.0/acme/payins/intents/\(originalMangopayID)/cancel HTTP/1.1")

        var page = try #require(try JSONValue(parsing: originalMangopayRequest).object)
        var data = try #require(page["ExternalData"]?.object)
        #expect(data["ExternalProcessingDate"] == "03-10-2024")
        data["ExternalProcessingDate"] = 1_727_913_600
        page["ExternalData"] = .object(data)
        #expect(try JSONValue(parsing: request.body) == .object(page))

        var headers = request.headers
        #expect(headers.removeValue(forKey: "host")?.hasPrefix("127.0.0.1:") == true)
        #expect(
            headers == [
                "authorization": "Bearer \(mangopayToken)", "idempotency-key": mangopayKey,
                "content-type": "application/json", "accept": "application/json",
                "user-agent": "intentbatch", "content-length": String(request.body.utf8.count),
            ])
        #expect(requests.count == 1)
    }

    @Test("Every field of the page's response that is read, to a cancel, to a read and as a stored response")
    func response() async throws {
        let cancel = mangopayChange(.cancel, id: originalMangopayID)
        for call in [GatewayCall.change(cancel), .read(intentID: originalMangopayID)] {
            let (answer, _) = try await mangopayAnswer(
                to: call, .answer(http(200, originalMangopayResponse)))
            try expectPage(answer)
        }
        let url = "\"https://api.mangopay.com/v3.0/acme/payins/intents/\(originalMangopayID)/cancel\""
        let (answer, _) = try await mangopayAnswer(
            to: .storedResponse(cancel),
            .answer(http(200, storedBody(resource: originalMangopayResponse, url: url))))
        let saved = try stored(answer)
        #expect(saved.isToOurRequest)
        try expectPage(saved.answer)
    }

    private func expectPage(_ answer: Answer) throws {
        let intent = try intent(answer)
        #expect(intent.id == originalMangopayID)
        #expect(intent.status == "CANCELED")
        #expect(MangopayProfile.profile.state(of: intent.status) == .cancelled)
        #expect(intent.amount == (try eur(10000)))
        #expect(
            intent.lines == [
                PaymentIntent.LineItem(
                    id: "1f395091-6b27-440f-8d38-39832cf1cfc9", total: 7500, captured: 0, cancelled: 7500),
                PaymentIntent.LineItem(
                    id: "1f12c4d5-d6ea-40f2-ac8e-bb3c8770918c", total: 2500, captured: 0, cancelled: 2500),
            ])
        #expect(intent.captured == 0 && intent.cancelled == 10000)
        #expect(intent.captures.isEmpty)
        #expect(intent.cancellationReason == nil)
        #expect(intent.gatewayReference == "cancel-order-1d1d3c30-5f0f-4cda-ad0d-7ab3c315de3d")
        #expect(answer.httpStatus == 200 && answer.gatewayCode == nil && answer.message == nil)
    }

    @Test("The page's sample as it is printed, with its comma too many, is no JSON and proves nothing")
    func trailingComma() async throws {
        let broken = originalMangopayResponse.replacing("}\n    ],", with: "},\n    ],")
        #expect(broken != originalMangopayResponse)
        let (answer, _) = try await mangopayAnswer(
            to: .read(intentID: originalMangopayID), .answer(http(200, broken)))
        #expect(answer.kind == .ambiguous)
    }

    @Test("The page's error: refused, with the gateway's code, message and field")
    func error() async throws {
        let message =
            "Action on the Intent resource is not permitted "
            + "(Status: Intent cannot be cancelled because it is not in AUTHORIZED status.)"
        // Real bodies also write the last key in lower case; the sandbox writes both.
        let lower = originalMangopayError.replacing("\"Errors\"", with: "\"errors\"")
        for body in [originalMangopayError, lower] {
            let (answer, _) = try await mangopayAnswer(to: mangopayCancel, .answer(http(400, body)))
            #expect(
                answer
                    == Answer(
                        .refused, httpStatus: 400, gatewayCode: "invalid_action", message: message))
        }
    }

    @Test("The newer page: CANCELLED, CancelledAmount, Cancel, the authorization's external data")
    func newerPage() async throws {
        let (answer, _) = try await mangopayAnswer(
            to: mangopayCancel, .answer(http(200, newerMangopayCancelled)))
        let intent = try intent(answer)
        #expect(intent.status == "CANCELLED")
        #expect(MangopayProfile.profile.state(of: intent.status) == .cancelled)
        #expect(intent.lines.map(\.cancelled) == [12000, 8000])
        #expect(intent.lines.map(\.total) == [12000, 8000])
        #expect(intent.cancelled == 20000 && intent.captured == 0)
        #expect(intent.captures.isEmpty, "a Cancel is no capture")
        #expect(intent.gatewayReference == "order-1")
    }

    @Test("The capture page: the capture by its id, with the lines' captured amounts")
    func capturePage() async throws {
        let (answer, _) = try await mangopayAnswer(
            to: mangopayCapture, .answer(http(200, mangopayCaptured)))
        let intent = try intent(answer)
        #expect(intent.status == "CAPTURED" && intent.captured == 20000 && intent.cancelled == 0)
        #expect(
            intent.captures == [
                PaymentIntent.Capture(
                    id: "int_capture_1", minorUnits: 20000,
                    lines: [
                        LineAmount(id: "int_li_1", minorUnits: 12000),
                        LineAmount(id: "int_li_2", minorUnits: 8000),
                    ])
            ])
    }

    private static let lineFieldsRead: Set = [
        "Id", "TotalLineItemAmount", "CapturedAmount", "CanceledAmount", "CancelledAmount",
    ]
    private static let odd: [JSONValue] = [
        "text", .number("1e999"), .array([.null]), .object(JSONObject()), true,
    ]

    /// The objects with one member left out, null or anything; those that are read only left out or null.
    private func variants(
        _ object: JSONObject, needed: Set<String>, read: Set<String>
    ) -> [JSONObject] {
        object.members.map(\.key).filter { !needed.contains($0) }.flatMap { key in
            let values: [JSONValue?] = [nil, .null] + (read.contains(key) ? [] : Self.odd)
            return values.map { value in
                var changed = object
                changed[key] = value
                return changed
            }
        }
    }

    @Test("Every other field of the pages' responses may be missing, null, or anything")
    func otherFieldsAreTolerated() async throws {
        var documents: [JSONObject] = []
        for sample in [originalMangopayResponse, newerMangopayCancelled, mangopayCaptured] {
            var page = try #require(try JSONValue(parsing: sample).object)
            page["Id"] = .string(mangopayID)
            documents += variants(
                page, needed: ["Id", "Amount", "Currency", "Status", "LineItems"], read: ["Capture"])
            var lines = try #require(page["LineItems"]?.array)
            let first = try #require(lines[0].object)
            for line in variants(
                first, needed: ["Id", "TotalLineItemAmount", "CapturedAmount"], read: Self.lineFieldsRead)
            {
                lines[0] = .object(line)
                page["LineItems"] = .array(lines)
                documents.append(page)
            }
        }
        #expect(documents.count > 150)
        let plays = documents.map { Play.answer(http(200, JSONValue.object($0).text)) }
        try await ScriptedServer.running([tokenPlay] + plays) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                for document in documents {
                    let answer = await client.send(client.request(for: mangopayRead), timeout: .seconds(20))
                    if case .intent = answer.kind { continue }
                    Issue.record("\(answer) to \(JSONValue.object(document).text)")
                }
            }
        }
    }

    @Test("Without one of the needed fields, or with null or anything else there, the answer proves nothing")
    func neededFields() async throws {
        let page = try #require(try JSONValue(parsing: originalMangopayResponse).object)
        let lines = try #require(page["LineItems"]?.array)
        let values: [JSONValue?] = [
            nil, .null, .object(JSONObject()), .bool(true), .string(""), .number("1.0"),
        ]
        var documents: [(key: String, JSONObject)] = []
        for value in values {
            for key in ["Id", "Amount", "Currency", "Status", "LineItems"] {
                var changed = page
                changed[key] = value
                documents.append((key, changed))
            }
            for key in ["Id", "TotalLineItemAmount", "CapturedAmount"] {
                var line = try #require(lines[1].object)
                line[key] = value
                var changed = page
                changed["LineItems"] = .array([lines[0], .object(line)])
                documents.append((key, changed))
            }
        }
        for (key, document) in documents {
            let (answer, _) = try await mangopayAnswer(
                to: .read(intentID: originalMangopayID),
                .answer(http(200, JSONValue.object(document).text)))
            #expect(answer.kind == .ambiguous)
            #expect(answer.message?.contains(key) == true, "\(answer)")
        }
    }
}
