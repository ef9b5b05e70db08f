package import Instructions
package import Logging
import NIOHTTP1
package import Runs

/// UseePay's API for one account. `request(for:)` and the classification are pure; only `send` touches the
/// network.
package struct UseePayClient: GatewayClient {
    package let profile: GatewayProfile
    private let baseURL: GatewayURL
    private let credentials: UseePayCredentials
    private let client: OneShotClient
    private let logger: Logger?

    /// - Parameters:
    ///   - concurrency: connections at most.
    ///   - timeout: the account's time-out; `send` gets the one that counts.
    package init(
        baseURL: GatewayURL, credentials: UseePayCredentials, profile: GatewayProfile, concurrency: Int,
        timeout: Duration, logger: Logger? = nil
    ) {
        self.baseURL = baseURL
        self.credentials = credentials
        self.profile = profile
        self.logger = logger
        client = OneShotClient(concurrency: concurrency, timeout: timeout)
    }

    package func request(for call: GatewayCall) -> GatewayRequest {
        UseePayRequests.request(for: call, profile: profile)
    }

    package func send(_ request: GatewayRequest, timeout: Duration) async -> Answer {
        var headers = credentials.headers
        if !request.body.isEmpty { headers.add(name: "Content-Type", value: "application/json") }
        let call = HTTPCall(
            method: request.method, url: baseURL.text + request.path, headers: headers, body: request.body)
        let exchange = await client.exchange(call, timeout: timeout)
        let answer = UseePayAnswers.answer(to: request.call, exchange, hiding: [credentials.apiKey])
        logger?.debug(
            "UseePay answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.path)",
                "status": "\(answer.httpStatus.map(String.init) ?? "none")",
            ])
        return answer
    }

    package var executor: any TaskExecutor { client.loop }

    package func shutdown() async throws { try await client.shutdown() }
}
