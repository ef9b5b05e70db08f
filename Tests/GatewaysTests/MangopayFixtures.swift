import Gateways
import Instructions
import JSON
import Runs
import Testing

let mangopayID = "int_0198f0f0-471f-7f1b-8f79-483ab735c6d9"
let mangopayKey = "q7r2k4m6p8s1t3v5-12-1"
let mangopayAPIKey = "mango+secret/0123456789abcdef"
/// base64 of `acme:` and the key, by the base64 command.
let mangopayBasic = "YWNtZTptYW5nbytzZWNyZXQvMDEyMzQ1Njc4OWFiY2RlZg=="
let mangopayToken = "67b036bd007c40378d4be5a934f197e6"

let mangopayCredentials = GatewayCredentials(["client-id": "acme", "api-key": mangopayAPIKey])

let tokenBody = "{\"access_token\":\"\(mangopayToken)\",\"token_type\":\"bearer\",\"expires_in\":1199}"
let tokenPlay = Play.answer(http(200, tokenBody))

func eur(_ minorUnits: Int64) throws -> Money {
    Money(minorUnits: minorUnits, currency: try #require(Currency(code: "EUR")))
}

func mangopayChange(
    _ action: Action, id: String = mangopayID, amount: Money? = nil, lines: [LineAmount] = [],
    externalData: ExternalData? = nil, key: String = mangopayKey
) -> Change {
    Change(
        action: action, intentID: id, amount: amount, lines: lines, reason: "never sent",
        externalData: externalData, key: key)
}

let mangopayCancel = GatewayCall.change(mangopayChange(.cancel))
let mangopayCapture = GatewayCall.change(mangopayChange(.capture))
let mangopayRead = GatewayCall.read(intentID: mangopayID)
let mangopayStored = GatewayCall.storedResponse(mangopayChange(.cancel))
let mangopayCalls = [mangopayCancel, mangopayCapture, mangopayRead, mangopayStored]

/// One line item with only the fields that are read.
func lineBody(
    _ id: String = "li_1", total: String = "7500", captured: String = "0", more: String = ""
) -> String {
    "{\"Id\":\"\(id)\",\"TotalLineItemAmount\":\(total),\"CapturedAmount\":\(captured)\(more)}"
}

/// An Intent with only the fields that are read.
func mangopayBody(
    id: String = "\"\(mangopayID)\"", status: String = "\"AUTHORIZED\"", amount: String = "7500",
    currency: String = "\"EUR\"", lines: String = "[\(lineBody())]", more: String = ""
) -> String {
    "{\"Id\":\(id),\"Amount\":\(amount),\"Currency\":\(currency),\"Status\":\(status),\"LineItems\":\(lines)"
        + "\(more)}"
}

func mangopayError(_ type: String, _ message: String = "Something is wrong") -> String {
    "{\"Message\":\"\(message)\",\"Type\":\"\(type)\",\"Id\":\"1a9c4474\",\"Date\":1740581497.0,"
        + "\"errors\":null}"
}

/// What a fetch by key shows: a response of that status and body to the whole cancel of the intent.
func storedBody(
    status: String = "\"200\"", resource: String = mangopayBody(), date: String = "\"\(storedDate)\"",
    url: String = "\"https://api.mangopay.com/V3.0/acme/payins/intents/\(mangopayID)/cancel\""
) -> String {
    "{\"StatusCode\":\(status),\"ContentLength\":\"591\",\"ContentType\":\"application/json; charset=utf-8\","
        + "\"Date\":\(date),\"RequestURL\":\(url),\"Resource\":\(resource)}"
}

let storedDate = "Tue, 19 Jul 2022 08:47:59 GMT"

/// A client for a server on this machine, closed at the end.
func withMangopay<Result>(
    _ origin: String, concurrency: Int = 4, body: (any GatewayClient) async throws -> Result
) async throws -> Result {
    let client = try Gateways.client(
        named: "mangopay",
        setup: GatewaySetup(
            baseURL: .validated(origin), credentials: mangopayCredentials, concurrency: concurrency,
            timeout: .seconds(20)))
    do {
        let result = try await body(client)
        try await client.shutdown()
        return result
    } catch {
        try await client.shutdown()
        throw error
    }
}

/// The answer to one call after a token was fetched, and the requests that the server saw for it.
func mangopayAnswer(
    to call: GatewayCall, _ plays: Play..., timeout: Duration = .seconds(20)
) async throws -> (answer: Answer, requests: [RecordedRequest]) {
    try await ScriptedServer.running([tokenPlay] + plays) { server in
        try await withMangopay("http://127.0.0.1:\(server.port)") { client in
            let token = await client.send(client.request(for: .token), timeout: .seconds(20))
            #expect(token.kind == .token(lifetime: .seconds(1199)))
            let answer = await client.send(client.request(for: call), timeout: timeout)
            return (answer, Array(server.requests.dropFirst()))
        }
    }
}

/// The answer to the token call alone.
func tokenAnswer(
    _ plays: Play..., timeout: Duration = .seconds(20)
) async throws -> (answer: Answer, requests: [RecordedRequest]) {
    try await ScriptedServer.running(plays) { server in
        try await withMangopay("http://127.0.0.1:\(server.port)") { client in
            let answer = await client.send(client.request(for: .token), timeout: timeout)
            return (answer, server.requests)
        }
    }
}

/// A kind without what it carries.
func name(_ kind: Answer.Kind) -> String {
    switch kind {
    case .notSent: "notSent"
    case .intent: "intent"
    case .notFound: "notFound"
    case .refused: "refused"
    case .unauthorized: "unauthorized"
    case .throttled: "throttled"
    case .keyUsed: "keyUsed"
    case .stored: "stored"
    case .nothingStored: "nothingStored"
    case .token: "token"
    case .credentialsRefused: "credentialsRefused"
    case .ambiguous: "ambiguous"
    }
}

/// The intent of an answer, or a recorded issue.
func intent(_ answer: Answer) throws -> PaymentIntent {
    guard case .intent(let intent) = answer.kind else {
        Issue.record("\(answer)")
        throw MoneyError.notAnAmount
    }
    return intent
}

/// The stored response of an answer, or a recorded issue.
func stored(_ answer: Answer) throws -> StoredResponse {
    guard case .stored(let stored) = answer.kind else {
        Issue.record("\(answer)")
        throw MoneyError.notAnAmount
    }
    return stored
}
