import Gateways
import Instructions
import Pacing
import Runs
import Testing

@Suite("What UseePay's answers mean")
struct UseePayAnswerTests {
    private enum Word: String {
        case refused, notFound, unauthorized, throttled, ambiguous, intent, notSent, other
    }

    private func word(_ kind: Answer.Kind) -> Word {
        switch kind {
        case .refused: .refused
        case .notFound: .notFound
        case .unauthorized: .unauthorized
        case .throttled: .throttled
        case .ambiguous: .ambiguous
        case .intent: .intent
        case .notSent: .notSent
        case .keyUsed, .stored, .nothingStored, .token, .credentialsRefused: .other
        }
    }

    /// resolving.md, section 1, as a function of what the server wrote; kept apart from the room's own.
    private func expected(_ status: Int, _ body: Body, isRead: Bool) -> Word {
        if body == .unavailable { return .ambiguous }
        switch status {
        case 200, 201, 202, 206: return body == .intent ? .intent : .ambiguous
        case 401: return .unauthorized
        case 429: return .throttled
        case 400, 403, 422: return body == .envelope && !isRead ? .refused : .ambiguous
        case 404: return body == .envelope ? (isRead ? .notFound : .refused) : .ambiguous
        default: return .ambiguous
        }
    }

    private enum Body: CaseIterable {
        case envelope, unavailable, intent, html, empty, cut, codeIsNumber, codeIsMissing, codeIsEmpty,
            codeTwice,
            array, messageIsObject, intentWithCode

        var text: String {
            switch self {
            case .envelope: GatewaysTests.envelope("invalid_argument", "cancel is not allowed")
            case .unavailable: GatewaysTests.envelope("service_unavailable")
            case .intent: intentBody()
            case .html: "<html><body>Bad Gateway</body></html>"
            case .empty: ""
            case .cut: #"{"code":"invalid_argument","mess"#
            case .codeIsNumber: #"{"code":404,"message":"Not Found"}"#
            case .codeIsMissing: #"{"message":"Not Found"}"#
            case .codeIsEmpty: #"{"code":"","message":"Not Found"}"#
            case .codeTwice: #"{"code":"a","message":"Not Found","code":"b"}"#
            case .array: #"[{"code":"invalid_argument","message":"x"}]"#
            case .messageIsObject: #"{"code":"invalid_argument","message":{}}"#
            case .intentWithCode: intentBody(more: #","code":"system_error","message":"try again""#)
            }
        }
    }

    @Test("Every status with every body, to a change and to a read")
    func table() async throws {
        let statuses = [
            200, 201, 202, 206, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 408, 409, 410,
            411, 413,
            415, 418, 422, 423, 425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599,
        ]
        let bodies = Body.allCases.filter { $0 != .intentWithCode }
        let cases = statuses.flatMap { status in bodies.map { (status, $0) } }
        let calls = [cancelCall(), captureCall(), readCall]
        let plays = cases.flatMap { status, body in calls.map { _ in Play.answer(http(status, body.text)) } }
        try await ScriptedServer.running(plays) { server in
            try await withClient("http://127.0.0.1:\(server.port)") { client in
                for (status, body) in cases {
                    for call in calls {
                        let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                        let expected = expected(status, body, isRead: call == readCall)
                        #expect(word(answer.kind) == expected, "\(status) \(body) \(call)")
                        #expect(answer.httpStatus == status)
                        #expect(answer.message != nil || expected == .intent)
                    }
                }
            }
            #expect(server.requests.count == cases.count * calls.count)
        }
    }

    @Test("A 2xx that carries an error code proves nothing, and says so")
    func intentWithCode() async throws {
        let (answer, _) = try await answer(to: cancelCall(), .answer(http(200, Body.intentWithCode.text)))
        #expect(answer.kind == .ambiguous)
        #expect(answer.gatewayCode == "system_error")
        #expect(answer.message?.contains("system_error") == true)
        #expect(answer.message?.contains("try again") == true)
    }

    @Test("A refusal carries the gateway's code and message")
    func refusal() async throws {
        let body = #"{"code":"invalid_argument","message":"status is succeeded","source":"id"}"#
        let (answer, _) = try await answer(to: cancelCall(), .answer(http(400, body)))
        #expect(
            answer
                == Answer(
                    .refused, httpStatus: 400, gatewayCode: "invalid_argument", message: "status is succeeded"
                ))
    }

    @Test("A code without a message is still the gateway's own envelope")
    func envelopeWithoutMessage() async throws {
        for body in [#"{"code":"resource_not_found"}"#, #"{"code":"resource_not_found","message":null}"#] {
            let (answer, _) = try await answer(to: readCall, .answer(http(404, body)))
            #expect(
                answer
                    == Answer(
                        .notFound, httpStatus: 404, gatewayCode: "resource_not_found",
                        message: "resource_not_found"))
        }
    }

    private static let unreadableBodies: [(String, String)] = [
        (intentBody(id: "\"1012411211459019142\""), "id is \"1012411211459019142\""),
        (intentBody(id: intentID), "id"),
        (intentBody(id: "\"\(intentID) \""), "id"),
        (intentBody(status: "7"), "status"),
        (intentBody(currency: "\"usd\""), "currency"),
        (intentBody(currency: "\"XXX\""), "currency"),
        (intentBody(currency: "\"BTC\""), "currency"),
        (intentBody(more: #","id":"1""#), "id is written twice"),
        (intentBody(more: ",\"id\":\"\(intentID)\""), "id is written twice"),
        (intentBody(more: #","status":"succeeded""#), "status is written twice"),
        (intentBody(more: #","amount":1"#), "amount is written twice"),
        (intentBody(more: #","currency":"USD""#), "currency is written twice"),
        (
            intentBody(more: #","captured_amount":null,"captured_amount":1"#),
            "captured_amount is written twice"
        ),
        (intentBody(more: #","code":null,"code":null"#), "code is written twice"),
        (intentBody(more: #","code":500"#), "error code 500"),
        (intentBody(more: #","captured_amount":"100.23""#), "captured_amount"),
        (intentBody(more: #","captured_amount":-1"#), "captured_amount"),
        (intentBody(more: #","captured_amount":1.001"#), "captured_amount"),
        (intentBody(more: #","captured_amount":false"#), "captured_amount"),
        (intentBody(more: #","cancellation_reason":7"#), "cancellation_reason"),
        ("[" + intentBody() + "]", "no JSON object"),
        ("{\"data\":" + intentBody() + "}", "id is missing"),
        (String(intentBody().dropLast()), "not JSON"),
        (intentBody() + intentBody(), "not JSON"),
        ("\u{FEFF}" + intentBody(), "not JSON"),
        (String(repeating: "[", count: 100_000), "not JSON"),
        ("null", "no JSON object"), ("\"ok\"", "no JSON object"), ("", "not JSON"),
    ]

    @Test("Bodies of a 200 that do not show the intent asked for", arguments: unreadableBodies)
    func unreadable(body: String, why: String) async throws {
        for call in [cancelCall(), readCall] {
            let (answer, requests) = try await answer(to: call, .answer(http(200, body)))
            #expect(answer.kind == .ambiguous)
            #expect(answer.httpStatus == 200)
            #expect(answer.message?.contains(why) == true, "\(answer.message ?? "")")
            #expect(requests.count == 1)
        }
    }

    @Test("An id that Swift takes for the same text but that has other bytes is another id")
    func sameTextOtherBytes() async throws {
        // U+212A, the Kelvin sign, is canonically equivalent to K.
        #expect("K" == "\u{212A}")
        let (answer, _) = try await answer(
            to: .read(intentID: "K"), .answer(http(200, intentBody(id: "\"\u{212A}\""))))
        #expect(answer.kind == .ambiguous)
    }

    private static let amountTable: [(String, String, Int64?)] = [
        ("100.23", "USD", 10023), ("100.230", "USD", 10023), ("1.0023e2", "USD", 10023),
        ("10023E-2", "USD", 10023), ("1e2", "USD", 10000), ("100", "USD", 10000), ("0.1", "USD", 10),
        ("0.3", "USD", 30), ("0.30000000000000004", "USD", nil), ("0", "USD", 0), ("-0", "USD", 0),
        ("100.235", "USD", nil), ("100.2300000000000001", "USD", nil), ("-1", "USD", nil),
        ("90071992547409.93", "USD", 9_007_199_254_740_993),
        ("9007199254740993.01", "USD", 900_719_925_474_099_301),
        ("92233720368547758.07", "USD", Int64.max), ("92233720368547758.08", "USD", nil),
        ("1e400", "USD", nil), ("1e99999999999", "USD", nil), ("1e-3", "USD", nil), ("0e-3", "USD", 0),
        ("100", "JPY", 100), ("100.0", "JPY", 100), ("100.5", "JPY", nil), ("1e2", "JPY", 100),
        ("0.005", "KWD", 5), ("0.0050", "KWD", 5), ("0.0005", "KWD", nil), ("1.2345", "CLF", 12345),
        ("\"100.23\"", "USD", nil), ("\"100\"", "JPY", nil), ("[100]", "USD", nil), ("true", "USD", nil),
    ]

    @Test("Amounts are read exactly or not at all", arguments: amountTable)
    func amounts(text: String, currency: String, minorUnits: Int64?) async throws {
        let body = intentBody(
            amount: text, currency: "\"\(currency)\"", more: ",\"captured_amount\":\(text)")
        let (answer, _) = try await answer(to: readCall, .answer(http(200, body)))
        guard let minorUnits else {
            #expect(answer.kind == .ambiguous, "\(answer)")
            #expect(answer.message?.contains("amount") == true)
            return
        }
        guard case .intent(let intent) = answer.kind else {
            Issue.record("\(answer)")
            return
        }
        #expect(intent.amount.minorUnits == minorUnits)
        #expect(intent.amount.currency.code == currency)
        #expect(intent.captured == minorUnits)
    }

    struct Pause: Sendable {
        let headers: [String]
        let retry: RetryAfter?
    }

    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let pauses: [Pause] = [
        Pause(headers: ["Retry-After: 7"], retry: .after(.seconds(7))),
        Pause(headers: ["retry-after: 0"], retry: .after(.zero)),
        Pause(headers: ["Retry-After: 86400"], retry: .after(.seconds(86_400))),
        Pause(headers: ["Retry-After: 86401"], retry: .after(.seconds(86_400))),
        Pause(headers: ["Retry-After: 99999999999999999999"], retry: .after(.seconds(86_400))),
        Pause(headers: ["Retry-After: -1"], retry: nil),
        Pause(headers: ["Retry-After: +1"], retry: nil),
        Pause(headers: ["Retry-After: 1.5"], retry: nil),
        Pause(headers: ["Retry-After: soon"], retry: nil),
        Pause(headers: ["Retry-After:"], retry: nil),
        Pause(headers: [], retry: nil),
        Pause(headers: ["Retry-After: 1", "Retry-After: 2"], retry: nil),
        Pause(headers: ["Retry-After: 1, 2"], retry: nil),
        Pause(headers: ["Retry-After: \(date)"], retry: .at(WallTime(seconds: 784_111_777))),
        Pause(headers: ["Retry-After: Sunday, 06-Nov-94 08:49:37 GMT"], retry: nil),
        Pause(
            headers: ["Date: Sun, 06 Nov 1994 08:49:36 GMT", "Retry-After: \(date)"],
            retry: .after(.seconds(1))),
        Pause(
            headers: ["Date: Sat, 05 Nov 1994 08:49:36 GMT", "Retry-After: \(date)"],
            retry: .after(.seconds(86_401))),
    ]

    @Test("Retry-After is taken when it is sound", arguments: pauses)
    func retryAfter(pause: Pause) async throws {
        for call in [cancelCall(), readCall] {
            let (answer, _) = try await answer(
                to: call, .answer(http(429, "slow down", headers: pause.headers)))
            #expect(answer.kind == .throttled(pause.retry))
        }
    }

    @Test("A gateway that echoes the key does not bring it into our messages")
    func echoedKey() async throws {
        let bodies = [
            (401, envelope("bad_\(apiKey)", "key \(apiKey) is unknown\\u0000\\u001b[31m\\nreally")),
            (400, envelope("invalid_argument", "\(apiKey)")),
            (200, intentBody(id: "\"\(apiKey)\"")),
            (200, intentBody(more: ",\"code\":\"\(apiKey)\"")),
        ]
        for (status, body) in bodies {
            let (answer, _) = try await answer(to: cancelCall(), .answer(http(status, body)))
            #expect(!"\(answer)".contains(apiKey))
            #expect(answer.message?.contains("[hidden]") == true)
            #expect(answer.message?.unicodeScalars.contains { $0.value < 32 } == false)
        }
    }

    @Test("Endless messages are cut")
    func longMessages() async throws {
        let body = envelope("invalid_argument", String(repeating: "no ", count: 10_000))
        let (answer, _) = try await answer(to: cancelCall(), .answer(http(400, body)))
        #expect(answer.kind == .refused)
        #expect(answer.message?.count == 300)
    }
}
