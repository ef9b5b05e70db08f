import Gateways
import Instructions
import Pacing
import Runs
import Testing

@Suite("What Mangopay's answers mean")
struct MangopayAnswerTests {
    private enum Body: CaseIterable {
        case envelope, upperErrors, bareEnvelope, intent, oauth, html, empty, cut, typeIsNumber,
            typeIsMissing,
            typeIsEmpty, typeTwice, messageIsMissing, messageIsNull, errorsIsText, array

        var text: String {
            switch self {
            case .envelope: mangopayError("param_error")
            case .upperErrors: originalMangopayError
            // As seen on a 401: neither Id nor errors.
            case .bareEnvelope: #"{"Message":"m","Type":"invalid_credentials","Date":1}"#
            case .intent: mangopayBody()
            case .oauth: #"{"error":"unauthorized_client","error_description":"temporarily locked"}"#
            case .html: "<html><body>Bad Gateway</body></html>"
            case .empty: ""
            case .cut: #"{"Message":"m","Type":"param_er"#
            case .typeIsNumber: #"{"Message":"m","Type":404}"#
            case .typeIsMissing: #"{"Message":"m","Id":"1"}"#
            case .typeIsEmpty: #"{"Message":"m","Type":""}"#
            case .typeTwice: #"{"Type":"a","Message":"m","Type":"b"}"#
            case .messageIsMissing: #"{"Type":"param_error"}"#
            case .messageIsNull: #"{"Type":"param_error","Message":null}"#
            case .errorsIsText: #"{"Type":"param_error","Message":"m","Errors":"x"}"#
            case .array: #"[{"Type":"param_error","Message":"m"}]"#
            }
        }

        var isEnvelope: Bool { self == .envelope || self == .upperErrors || self == .bareEnvelope }
    }

    /// resolving.md, section 1, as a function of what the server wrote; kept apart from the room's own.
    private func expected(_ status: Int, _ body: Body, _ call: GatewayCall) -> String {
        let isStored = call == mangopayStored
        let isChange = call == mangopayCancel || call == mangopayCapture
        switch status {
        case 200, 201, 202, 206: return body == .intent && !isStored ? "intent" : "ambiguous"
        case 401: return "unauthorized"
        case 429: return "throttled"
        case 404 where isStored: return "nothingStored"
        case 404 where body.isEnvelope: return isChange ? "refused" : "notFound"
        case 400, 403, 422: return body.isEnvelope && isChange ? "refused" : "ambiguous"
        case 409: return body.isEnvelope && isChange ? "keyUsed" : "ambiguous"
        default: return "ambiguous"
        }
    }

    @Test("Every status with every body, to changes, a read and a fetch of a stored response")
    func table() async throws {
        let statuses = [
            200, 201, 202, 206, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 408, 409, 410,
            411, 413, 415, 418, 422, 423, 425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599,
        ]
        let cases = statuses.flatMap { status in
            Body.allCases.flatMap { body in mangopayCalls.map { (status, body, $0) } }
        }
        let plays = cases.map { Play.answer(http($0.0, $0.1.text)) }
        try await ScriptedServer.running([tokenPlay] + plays) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                for (status, body, call) in cases {
                    let answer = await client.send(client.request(for: call), timeout: .seconds(20))
                    let expected = expected(status, body, call)
                    #expect(name(answer.kind) == expected, "\(status) \(body) \(call)")
                    #expect(answer.httpStatus == status)
                    #expect(answer.message != nil || expected == "intent")
                }
            }
            #expect(server.requests.count == cases.count + 1)
        }
    }

    @Test("A 409 about the key says so, and a read's 404 names the gateway's error")
    func codes() async throws {
        let (used, _) = try await mangopayAnswer(
            to: mangopayCancel, .answer(http(409, mangopayError("idempotent_creation_conflict", "used"))))
        #expect(
            used
                == Answer(
                    .keyUsed, httpStatus: 409, gatewayCode: "idempotent_creation_conflict", message: "used"))
        let body =
            #"{"Message":"Not found","Type":"ressource_not_found","Id":"x#1","Date":1,"#
            + #""errors":{"RessourceNotFound":"Cannot find it","Other":7}}"#
        let (missing, _) = try await mangopayAnswer(to: mangopayRead, .answer(http(404, body)))
        #expect(
            missing
                == Answer(
                    .notFound, httpStatus: 404, gatewayCode: "ressource_not_found",
                    message: "Not found (RessourceNotFound: Cannot find it)"))
    }

    @Test("A 2xx that carries an error proves nothing, and says so")
    func errorInSuccess() async throws {
        let (answer, _) = try await mangopayAnswer(
            to: mangopayCancel, .answer(http(200, mangopayError("other", "try again"))))
        #expect(answer.kind == .ambiguous && answer.gatewayCode == "other")
        #expect(answer.message?.contains("try again") == true)
    }

    private static let unreadableBodies: [(String, String)] = [
        (mangopayBody(id: "\"\(mangopayID)x\""), "Id is"), (mangopayBody(id: "7"), "Id is 7"),
        (mangopayBody(id: "\"\(mangopayID.uppercased())\""), "Id is"),
        (mangopayBody(status: "7"), "Status is 7"), (mangopayBody(currency: "\"eur\""), "Currency"),
        (mangopayBody(currency: "\"XXX\""), "Currency"), (mangopayBody(currency: "978"), "Currency"),
        (mangopayBody(amount: "-7500"), "Amount is -7500"),
        (mangopayBody(amount: "9223372036854775808"), "Amount"), (mangopayBody(amount: "7500.0"), "Amount"),
        (mangopayBody(amount: "7.5e3"), "Amount"), (mangopayBody(amount: "\"7500\""), "Amount"),
        (mangopayBody(amount: "{\"Amount\":7500}"), "Amount"),
        (mangopayBody(amount: "7501"), "sum to less"), (mangopayBody(amount: "7499"), "sum to more"),
        (mangopayBody(lines: "[]"), "no LineItems"), (mangopayBody(lines: "null"), "no LineItems"),
        (mangopayBody(lines: "{}"), "LineItems is {}"), (mangopayBody(lines: "[7]"), "no JSON object"),
        (mangopayBody(amount: "15000", lines: "[\(lineBody()),\(lineBody())]"), "li_1 is listed twice"),
        (mangopayBody(lines: "[\(lineBody(total: "7500.0"))]"), "TotalLineItemAmount"),
        (mangopayBody(lines: "[\(lineBody(total: "9223372036854775807"))]"), "sum to more"),
        (mangopayBody(lines: "[\(lineBody(captured: "7501"))]"), "more of a line item"),
        (mangopayBody(lines: "[\(lineBody(captured: "-1"))]"), "CapturedAmount is -1"),
        (mangopayBody(lines: "[\(lineBody(captured: "1", more: ",\"CanceledAmount\":7500"))]"), "more of"),
        (mangopayBody(lines: "[\(lineBody(more: ",\"CanceledAmount\":9223372036854775807"))]"), "more of"),
        (mangopayBody(lines: "[\(lineBody(more: ",\"CanceledAmount\":\"1\""))]"), "CanceledAmount is"),
        (
            mangopayBody(lines: "[\(lineBody(more: ",\"CanceledAmount\":1,\"CancelledAmount\":2"))]"),
            "differ"
        ),
        (mangopayBody(lines: "[\(lineBody(more: ",\"Id\":\"li_1\""))]"), "Id is written twice"),
        (mangopayBody(lines: "[\(lineBody(more: ",\"CapturedAmount\":1"))]"), "written twice"),
        (
            mangopayBody(lines: "[\(lineBody(more: ",\"CancelledAmount\":1,\"CancelledAmount\":1"))]"),
            "written twice"
        ),
        (mangopayBody(more: ",\"Id\":\"\(mangopayID)\""), "Id is written twice"),
        (mangopayBody(more: ",\"Status\":\"CANCELLED\""), "Status is written twice"),
        (mangopayBody(more: ",\"Amount\":7500"), "Amount is written twice"),
        (mangopayBody(more: ",\"LineItems\":[]"), "LineItems is written twice"),
        (mangopayBody(more: ",\"Captures\":{}"), "Captures is {}"),
        (mangopayBody(more: ",\"Captures\":[{\"Amount\":1}]"), "a capture's Id"),
        (mangopayBody(more: ",\"Captures\":[{\"Id\":\"c\"}]"), "a capture's Amount"),
        (
            mangopayBody(more: ",\"Captures\":[{\"Id\":\"c\",\"Amount\":1},{\"Id\":\"c\",\"Amount\":1}]"),
            "capture c is listed twice"
        ),
        (
            mangopayBody(more: ",\"Captures\":[{\"Id\":\"c\",\"Amount\":1,\"LineItems\":[{\"Id\":\"a\"}]}]"),
            "a capture's line item's CapturedAmount"
        ),
        (mangopayBody(more: ",\"Capture\":{}"), "the own capture's Id"),
        ("[" + mangopayBody() + "]", "no JSON object"), (String(mangopayBody().dropLast()), "not JSON"),
        (mangopayBody() + mangopayBody(), "not JSON"), (String(repeating: "[", count: 100_000), "not JSON"),
        ("null", "no JSON object"), ("", "not JSON"),
    ]

    @Test("Bodies of a 200 that do not show the intent asked for", arguments: unreadableBodies)
    func unreadable(body: String, why: String) async throws {
        for call in [mangopayCancel, mangopayRead] {
            let (answer, requests) = try await mangopayAnswer(to: call, .answer(http(200, body)))
            #expect(answer.kind == .ambiguous)
            #expect(answer.httpStatus == 200)
            #expect(answer.message?.contains(why) == true, "\(answer.message ?? "")")
            #expect(requests.count == 1)
        }
    }

    @Test(
        "Amounts are read exactly, in whatever currency",
        arguments: [
            ("7500", "EUR", Int64(7500)), ("0", "EUR", 0), ("9007199254740993", "USD", 9_007_199_254_740_993),
            ("9223372036854775807", "USD", Int64.max), ("12", "JPY", 12), ("5", "KWD", 5),
        ])
    func amounts(text: String, currency: String, minorUnits: Int64) async throws {
        let body = mangopayBody(
            amount: text, currency: "\"\(currency)\"", lines: "[\(lineBody(total: text, captured: text))]")
        let (answer, _) = try await mangopayAnswer(to: mangopayRead, .answer(http(200, body)))
        let intent = try intent(answer)
        #expect(intent.amount.minorUnits == minorUnits && intent.amount.currency.code == currency)
        #expect(intent.lines[0].total == minorUnits && intent.captured == minorUnits)
        #expect(intent.cancelled == 0)
    }

    @Test(
        "Both spellings of the cancelled amount, null and none",
        arguments: [
            (",\"CanceledAmount\":7", Int64(7)), (",\"CancelledAmount\":7", 7),
            (",\"CanceledAmount\":7,\"CancelledAmount\":7", 7),
            (",\"CanceledAmount\":null,\"CancelledAmount\":7", 7), (",\"CancelledAmount\":null", 0), ("", 0),
        ])
    func cancelledSpellings(more: String, cancelled: Int64) async throws {
        let body = mangopayBody(lines: "[\(lineBody(more: more))]")
        let (answer, _) = try await mangopayAnswer(to: mangopayRead, .answer(http(200, body)))
        let intent = try intent(answer)
        #expect(intent.lines[0].cancelled == cancelled && intent.cancelled == cancelled)
    }

    @Test("Random intents are read to the unit: lines in order, sums of what was captured and cancelled")
    func randomIntents() async throws {
        var random = SplitMix64(seed: 11)
        var bodies: [String] = []
        var expected: [[PaymentIntent.LineItem]] = []
        for _ in 0..<100 {
            let lines = (1...Int.random(in: 1...9, using: &random)).map { index in
                let total = Int64.random(
                    in: 0...(1 << Int64.random(in: 1...58, using: &random)), using: &random)
                let captured = Int64.random(in: 0...total, using: &random)
                return PaymentIntent.LineItem(
                    id: "li_\(index)", total: total, captured: captured,
                    cancelled: Int64.random(in: 0...(total - captured), using: &random))
            }
            let texts = lines.map { line in
                let spelling = Bool.random(using: &random) ? "CanceledAmount" : "CancelledAmount"
                return lineBody(
                    line.id, total: "\(line.total)", captured: "\(line.captured)",
                    more: ",\"\(spelling)\":\(line.cancelled)")
            }
            let sum = lines.reduce(0) { $0 + $1.total }
            bodies.append(mangopayBody(amount: "\(sum)", lines: "[\(texts.joined(separator: ","))]"))
            expected.append(lines)
        }
        try await ScriptedServer.running([tokenPlay] + bodies.map { .answer(http(200, $0)) }) { server in
            try await withMangopay("http://127.0.0.1:\(server.port)") { client in
                _ = await client.send(client.request(for: .token), timeout: .seconds(20))
                for lines in expected {
                    let answer = await client.send(client.request(for: mangopayRead), timeout: .seconds(20))
                    let intent = try intent(answer)
                    #expect(intent.lines == lines)
                    #expect(intent.captured == lines.reduce(0) { $0 + $1.captured })
                    #expect(intent.cancelled == lines.reduce(0) { $0 + $1.cancelled })
                }
            }
        }
    }

    @Test("Captures of a read, each by its id, without the lines it took nothing from")
    func captures() async throws {
        let captures =
            ",\"Captures\":[{\"Id\":\"c1\",\"CreationDate\":1,\"Amount\":5,\"Status\":\"CAPTURED\","
            + "\"LineItems\":[{\"Id\":\"a\",\"Amount\":5,\"CapturedAmount\":9},{\"Id\":\"b\",\"Amount\":0}]},"
            + "{\"Id\":\"c2\",\"Amount\":7,\"LineItems\":[{\"Id\":\"b\",\"CapturedAmount\":7}]},"
            + "{\"Id\":\"c3\",\"Amount\":1,\"LineItems\":null}]"
        let expected = [
            PaymentIntent.Capture(id: "c1", minorUnits: 5, lines: [LineAmount(id: "a", minorUnits: 5)]),
            PaymentIntent.Capture(id: "c2", minorUnits: 7, lines: [LineAmount(id: "b", minorUnits: 7)]),
            PaymentIntent.Capture(id: "c3", minorUnits: 1, lines: []),
        ]
        let lines = "[\(lineBody("a", captured: "40")),\(lineBody("b", total: "0"))]"
        for (own, more) in [
            ("", []), (",\"Capture\":{\"Id\":\"c2\"}", []), (",\"Capture\":{\"Id\":\"c4\"}", ["c4"]),
        ] {
            let body = mangopayBody(lines: lines, more: captures + own)
            let (answer, _) = try await mangopayAnswer(to: mangopayCapture, .answer(http(200, body)))
            let intent = try intent(answer)
            #expect(
                intent.captures == expected
                    + more.map {
                        PaymentIntent.Capture(
                            id: $0, minorUnits: 40, lines: [LineAmount(id: "a", minorUnits: 40)])
                    })
        }
    }

    @Test("An unknown status word is read, and means nothing")
    func unknownStatus() async throws {
        let (answer, _) = try await mangopayAnswer(
            to: mangopayRead, .answer(http(200, mangopayBody(status: "\"EXPIRED\""))))
        #expect(MangopayProfile.profile.state(of: try intent(answer).status) == .other)
    }

    @Test("Retry-After counts where Mangopay sends one, in seconds or as a date, else there is none")
    func retryAfter() async throws {
        let rows: [([String], RetryAfter?)] = [
            (["Retry-After: 900"], .after(.seconds(900))),
            (["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], .at(WallTime(seconds: 784_111_777))),
            ([], nil), (["Retry-After: -1"], nil), (["Retry-After: 86401"], .after(.seconds(86_400))),
        ]
        for (headers, retry) in rows {
            for call in mangopayCalls {
                let (answer, _) = try await mangopayAnswer(
                    to: call, .answer(http(429, mangopayError("rate_limit"), headers: headers)))
                #expect(answer.kind == .throttled(retry))
            }
        }
    }

    @Test("A gateway that echoes key, token or credentials does not bring them into our messages")
    func echoedSecrets() async throws {
        for secret in [mangopayAPIKey, mangopayBasic, mangopayToken] {
            let error = mangopayError("bad_\(secret)", "\(secret) is unknown\\u0000\\u001b[31m\\nreally")
            let rows = [
                (mangopayCancel, 401, error), (mangopayCancel, 400, error),
                (mangopayRead, 200, mangopayBody(id: "\"\(secret)\"")), (mangopayRead, 200, error),
                (mangopayStored, 200, storedBody(status: "\"\(secret)\"")),
                (mangopayStored, 200, storedBody(status: "\"400\"", resource: error)),
            ]
            for (call, status, body) in rows {
                let (answer, _) = try await mangopayAnswer(to: call, .answer(http(status, body)))
                #expect(!"\(answer)".contains(secret), "\(answer)")
                #expect("\(answer)".contains("[hidden]"), "\(answer)")
                #expect(answer.message?.unicodeScalars.contains { $0.value < 32 } != true)
            }
        }
    }

    struct Rate: Sendable {
        let headers: [String]
        /// Calls left and Unix seconds.
        let readings: [(Int, Int64)]
    }

    private static let four: [(Int, Int64)] = [
        (9790, 1_715_241_060), (19790, 1_715_241_960), (39790, 1_715_243_760), (989_530, 1_715_326_500),
    ]
    private static let joinedRemaining = "X-RateLimit-Remaining: 9790, 19790,39790 , 989530"
    private static let joinedResets =
        "X-RateLimit-Reset: 1715241060, 1715241960, 1715243760, 1715326500"
    private static let rates = [
        Rate(headers: [joinedRemaining, joinedResets, "x-ratelimit: 210, 210, 210, 10470"], readings: four),
        Rate(
            headers: four.map { "x-ratelimit-remaining: \($0.0)" }
                + four.map { "X-RATELIMIT-RESET: \($0.1)" }, readings: four),
        Rate(
            headers: [
                "x-ratelimit-remaining: 9790", joinedResets, "x-ratelimit-remaining: 19790, 39790,989530",
            ],
            readings: four),
        Rate(headers: ["x-ratelimit-remaining: 0", "x-ratelimit-reset: 5"], readings: [(0, 5)]),
        Rate(headers: [], readings: []), Rate(headers: [joinedRemaining], readings: []),
        Rate(headers: [joinedResets], readings: []),
        Rate(headers: ["x-ratelimit-remaining: 1", joinedResets], readings: []),
        Rate(headers: ["x-ratelimit-remaining: 1,x,3,4", joinedResets], readings: []),
        Rate(headers: ["x-ratelimit-remaining: -1", "x-ratelimit-reset: 5"], readings: []),
        Rate(headers: ["x-ratelimit-remaining: 1.5", "x-ratelimit-reset: 5"], readings: []),
        Rate(headers: ["x-ratelimit-remaining:", "x-ratelimit-reset:"], readings: []),
        Rate(headers: ["x-ratelimit-remaining: 1", "x-ratelimit-reset: 9223372036854775807"], readings: []),
        Rate(headers: ["x-ratelimit-remaining: 99999999999999999999", "x-ratelimit-reset: 5"], readings: []),
        Rate(
            headers: (1...17).flatMap { ["x-ratelimit-remaining: \($0)", "x-ratelimit-reset: \($0)"] },
            readings: []),
    ]

    @Test("Rate headers, repeated or joined, are read with every answer, and ignored when they are unsound")
    func rateHeaders() async throws {
        for rate in Self.rates {
            let expected = rate.readings.map {
                RateReading(remaining: $0.0, resetsAt: WallTime(seconds: $0.1))
            }
            let rows = [
                (mangopayRead, 200, mangopayBody()), (mangopayCancel, 429, ""), (mangopayCancel, 500, "oops"),
                (mangopayStored, 200, storedBody()), (mangopayStored, 404, ""),
            ]
            for (call, status, body) in rows {
                let (answer, _) = try await mangopayAnswer(
                    to: call, .answer(http(status, body, headers: rate.headers)))
                #expect(answer.rate == expected, "\(rate.headers)")
            }
            let (token, _) = try await tokenAnswer(.answer(http(200, tokenBody, headers: rate.headers)))
            #expect(token.rate == expected)
        }
    }
}
