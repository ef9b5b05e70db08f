package import Instructions
package import Logging
import NIOHTTP1
package import Runs

/// Mangopay's API of Intents for one account. `request(for:)` and the classification are pure; only `send`
/// touches the network, and keeps the token of a `.token` call for the calls after it.
package struct MangopayClient: GatewayClient {
    private let baseURL: GatewayURL
    private let credentials: MangopayCredentials
    private let requests: MangopayRequests
    private let token = MangopayToken()
    private let client: OneShotClient
    private let logger: Logger?

    /// - Parameters:
    ///   - concurrency: connections at most.
    ///   - timeout: the account's time-out; `send` gets the one that counts.
    package init(
        baseURL: GatewayURL, credentials: MangopayCredentials, concurrency: Int, timeout: Duration,
        logger: Logger? = nil
    ) {
        self.baseURL = baseURL
        self.credentials = credentials
        self.logger = logger
        requests = MangopayRequests(clientID: credentials.clientID)
        client = OneShotClient(concurrency: concurrency, timeout: timeout)
    }

    package var profile: GatewayProfile { MangopayProfile.profile }

    package func request(for call: GatewayCall) -> GatewayRequest { requests.request(for: call) }

    /// Sends the call once. Before the first token was fetched, every other call is answered `unauthorized`
    /// without a status and without being sent.
    package func send(_ request: GatewayRequest, timeout: Duration) async -> Answer {
        let answer =
            if case .token = request.call {
                await fetchToken(request, timeout: timeout)
            } else if let token = await token.value {
                await call(request, token: token, timeout: timeout)
            } else {
                Answer(.unauthorized, message: AnswerWords.noToken)
            }
        logger?.debug(
            "Mangopay answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.path)",
                "status": "\(answer.httpStatus.map(String.init) ?? "none")",
            ])
        return answer
    }

    package var executor: any TaskExecutor { client.loop }

    package func shutdown() async throws { try await client.shutdown() }

    private func call(_ request: GatewayRequest, token: String, timeout: Duration) async -> Answer {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if !request.body.isEmpty { headers.add(name: "Content-Type", value: "application/json") }
        if case .change(let change) = request.call {
            headers.add(name: "Idempotency-Key", value: change.key)
        }
        let exchange = await exchange(request, headers, timeout: timeout)
        return MangopayAnswers.answer(to: request.call, exchange, requests: requests)
            .fitForPeople(hiding: credentials.secrets + [token])
    }

    private func fetchToken(_ request: GatewayRequest, timeout: Duration) async -> Answer {
        let headers: HTTPHeaders = [
            "Authorization": "Basic \(credentials.basic)",
            "Content-Type": "application/x-www-form-urlencoded",
        ]
        let exchange = await exchange(request, headers, timeout: timeout)
        let (answer, fetched) = MangopayTokenAnswers.answer(exchange)
        if let fetched { await token.replace(with: fetched) }
        return answer.fitForPeople(hiding: credentials.secrets)
    }

    private func exchange(
        _ request: GatewayRequest, _ headers: HTTPHeaders, timeout: Duration
    ) async -> HTTPExchange {
        let call = HTTPCall(
            method: request.method, url: baseURL.text + request.path, headers: headers + .ofAllCalls,
            body: request.body)
        return await client.exchange(call, timeout: timeout)
    }
}
