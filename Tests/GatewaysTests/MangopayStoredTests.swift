import Gateways
import Instructions
import Pacing
import Runs
import Testing

@Suite("Mangopay's stored responses")
struct MangopayStoredTests {
    private func fetch(_ body: String, change: Change = mangopayChange(.cancel)) async throws -> Answer {
        try await mangopayAnswer(to: .storedResponse(change), .answer(http(200, body))).answer
    }

    @Test("A stored answer is what it would have been as an answer to the change")
    func innerAnswers() async throws {
        let error = mangopayError("invalid_action", "not permitted")
        let rows: [(String, String, String)] = [
            ("\"200\"", mangopayBody(status: "\"CANCELLED\""), "intent"), ("200", mangopayBody(), "intent"),
            ("\"400\"", error, "refused"), ("\"403\"", error, "refused"), ("404", error, "refused"),
            ("\"422\"", error, "refused"), ("\"400\"", "null", "ambiguous"),
            ("\"400\"", "\"<html>\"", "ambiguous"),
            ("\"401\"", error, "unauthorized"), ("\"401\"", "null", "unauthorized"),
            ("\"429\"", error, "throttled"), ("\"409\"", error, "keyUsed"), ("\"409\"", "null", "ambiguous"),
            ("\"500\"", error, "ambiguous"), ("\"503\"", "null", "ambiguous"),
            ("\"302\"", "null", "ambiguous"),
            ("\"200\"", "null", "ambiguous"), ("\"200\"", error, "ambiguous"),
            ("\"200\"", mangopayBody(id: "\"another\""), "ambiguous"),
        ]
        for (status, resource, kind) in rows {
            let answer = try await fetch(storedBody(status: status, resource: resource))
            #expect(answer.httpStatus == 200 && answer.gatewayCode == nil && answer.message == nil)
            let saved = try stored(answer)
            #expect(name(saved.answer.kind) == kind, "\(status) \(resource)")
            #expect(saved.answer.httpStatus == Int(status.filter(\.isNumber)))
            #expect(saved.date == WallTime(seconds: 1_658_220_479))
            #expect(saved.isToOurRequest)
        }
        let refusal = try stored(try await fetch(storedBody(status: "\"400\"", resource: error)))
        #expect(refusal.answer.gatewayCode == "invalid_action" && refusal.answer.message == "not permitted")
    }

    private static let ours = "https://api.mangopay.com/v3.0/acme/payins/intents/\(mangopayID)"

    @Test(
        "Whose request it was: without case, host and query, doubled slashes joined",
        arguments: [
            ("\(ours)/cancel", true), ("\(ours)/cancel?x=/y", true), ("\(ours)/cancel/", true),
            ("\(ours)/cancel#x", true),
            ("HTTPS://API.MANGOPAY.COM/V3.0/ACME//PAYINS/Intents/\(mangopayID.uppercased())//CANCEL", true),
            ("http://10.0.0.1:8080/v3.0/acme/payins/intents/\(mangopayID)/cancel", true),
            ("/v3.0/acme/payins/intents/\(mangopayID)/cancel", true),
            ("api.mangopay.com/v3.0/acme/payins/intents/\(mangopayID)/cancel", true),
            ("https://proxy/pay/v3.0/acme/payins/intents/\(mangopayID)/cancel", true),
            ("https://h/v3%2E0/acme/payins/intents/\(mangopayID)/cancel", true),
            ("\(ours)/captures", false), ("\(ours)/cancel/x", false), (ours, false),
            ("\(ours)x/cancel", false),
            ("https://h/v2.01/acme/payins/intents/\(mangopayID)/cancel", false),
            ("https://h/v3.0/other/payins/intents/\(mangopayID)/cancel", false),
            ("https://h/v3.0/acme/payins/intents/another/cancel", false),
            ("https://h/?u=/v3.0/acme/payins/intents/\(mangopayID)/cancel", false),
            ("https://h", false), ("", false), ("%", false),
        ])
    func whose(url: String, isOurs: Bool) async throws {
        let saved = try stored(try await fetch(storedBody(url: "\"\(url)\"")))
        #expect(saved.isToOurRequest == isOurs)
    }

    @Test("A capture's key has a capture's response, and a client id is compared as it is decoded")
    func captureAndClient() async throws {
        let capture = mangopayChange(.capture)
        for (action, isOurs) in [("captures", true), ("cancel", false)] {
            let body = storedBody(url: "\"\(Self.ours)/\(action)\"")
            #expect(try stored(try await fetch(body, change: capture)).isToOurRequest == isOurs)
        }
        let body = storedBody(url: "\"https://h/v3.0/ac.me/payins/intents/\(mangopayID)/cancel\"")
        try await ScriptedServer.running(tokenPlay, .answer(http(200, body))) { server in
            let client = try MangopayClient(
                baseURL: .validated("http://127.0.0.1:\(server.port)"),
                credentials: MangopayCredentials(
                    GatewayCredentials(["client-id": "ac.me", "api-key": mangopayAPIKey])),
                concurrency: 1, timeout: .seconds(20))
            _ = await client.send(client.request(for: .token), timeout: .seconds(20))
            let answer = await client.send(client.request(for: mangopayStored), timeout: .seconds(20))
            try await client.shutdown()
            #expect(try stored(answer).isToOurRequest)
            #expect(server.requests[1].line == "GET /v2.01/ac%2Eme/responses/\(mangopayKey) HTTP/1.1")
        }
    }

    @Test(
        "A date that is no HTTP date is none",
        arguments: ["null", "\"soon\"", "1658220479", "\"2022-07-19T08:47:59Z\""])
    func dates(date: String) async throws {
        #expect(try stored(try await fetch(storedBody(date: date))).date == nil)
    }

    private static let unreadableBodies: [(String, String)] = [
        (storedBody(status: "null"), "StatusCode is null"), (storedBody(status: "\"\""), "StatusCode"),
        (storedBody(status: "\"20\""), "StatusCode"), (storedBody(status: "\"2000\""), "StatusCode"),
        (storedBody(status: "\"099\""), "StatusCode"), (storedBody(status: "600"), "StatusCode"),
        (storedBody(status: "2e2"), "StatusCode"), (storedBody(status: "true"), "StatusCode"),
        (storedBody(url: "null"), "RequestURL is null"), (storedBody(url: "7"), "RequestURL"),
        (mangopayBody(), "StatusCode is missing"), ("{}", "StatusCode"), ("", "not JSON"),
        ("[]", "no JSON object"), ("null", "no JSON object"), (String(storedBody().dropLast()), "not JSON"),
        (#"{"StatusCode":"400","# + storedBody().dropFirst(), "StatusCode is written twice"),
        (#"{"Resource":{},"# + storedBody().dropFirst(), "Resource is written twice"),
        (#"{"RequestURL":"","# + storedBody().dropFirst(), "RequestURL is written twice"),
    ]

    @Test("What is no stored response is never taken for nothing stored", arguments: unreadableBodies)
    func unreadable(body: String, why: String) async throws {
        let answer = try await fetch(body)
        #expect(answer.kind == .ambiguous)
        #expect(answer.message?.contains(why) == true, "\(answer)")
    }
}
