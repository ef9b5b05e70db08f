import Gateways
import Instructions
import Runs

/// A whole response with a length.
func http(_ status: Int, _ body: String, headers: [String] = []) -> String {
    let lines = ["HTTP/1.1 \(status) Some Reason", "Content-Type: application/json"] + headers
    return lines.map { $0 + "\r\n" }.joined() + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

let intentID = "1012411211459019141"
let apiKey = "UseePay_SK_TEST_0123456789abcdef"

/// A PaymentIntent with only the fields that are read.
func intentBody(
    id: String = "\"\(intentID)\"", status: String = "\"requires_capture\"", amount: String = "100.23",
    currency: String = "\"USD\"", more: String = ""
) -> String {
    "{\"id\":\(id),\"status\":\(status),\"amount\":\(amount),\"currency\":\(currency)\(more)}"
}

func envelope(_ code: String, _ message: String = "Something is wrong") -> String {
    "{\"code\":\"\(code)\",\"message\":\"\(message)\",\"source\":null}"
}

func cancelCall(id: String = intentID, reason: String? = "Order cancelled") -> GatewayCall {
    .change(
        Change(
            action: .cancel, intentID: id, amount: nil, lines: [], reason: reason, externalData: nil, key: "k"
        ))
}

func captureCall(amount: Money? = nil) -> GatewayCall {
    .change(
        Change(
            action: .capture, intentID: intentID, amount: amount, lines: [], reason: nil, externalData: nil,
            key: "k"))
}

let readCall = GatewayCall.read(intentID: intentID)

func money(_ text: String, _ code: String) throws -> Money {
    guard let currency = Currency(code: code) else { throw MoneyError.notAnAmount }
    return try Money(majorText: text, currency: currency)
}

let credentials = GatewayCredentials([
    "merchant-no": "500000000007245", "app-id": "www.pay.com", "api-key": apiKey,
])

/// A client for a server on this machine, closed at the end.
func withClient<Result>(
    _ origin: String, assume: [String: String] = [:], concurrency: Int = 4, timeout: Duration = .seconds(20),
    body: (any GatewayClient) async throws -> Result
) async throws -> Result {
    let client = try Gateways.client(
        named: "useepay",
        setup: GatewaySetup(
            baseURL: .validated(origin), credentials: credentials, assume: assume, concurrency: concurrency,
            timeout: timeout))
    do {
        let result = try await body(client)
        try await client.shutdown()
        return result
    } catch {
        try await client.shutdown()
        throw error
    }
}

/// The answer to one call, and the requests that the server saw for it.
func answer(
    to call: GatewayCall, _ plays: Play..., timeout: Duration = .seconds(20)
) async throws -> (answer: Answer, requests: [RecordedRequest]) {
    try await ScriptedServer.running(plays) { server in
        try await withClient("http://127.0.0.1:\(server.port)", timeout: timeout) { client in
            let answer = await client.send(client.request(for: call), timeout: timeout)
            return (answer, server.requests)
        }
    }
}
