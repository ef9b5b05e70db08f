import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// The floor of a run (docs/performance.md): AsyncHTTPClient alone, making the calls that a run makes, with nothing
/// checked, kept or reported. `BareClient URL FILE CONCURRENCY`; prints how many calls were answered with 200.
@main
struct BareClient {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let concurrency = Int(arguments[3]), concurrency > 0 else {
            throw Failure(what: "BareClient URL FILE CONCURRENCY")
        }
        let ids = try intentIDs(path: arguments[2])
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration(concurrency: concurrency))
        let answered = try await answered(ids, url: arguments[1], client: client, concurrency: concurrency)
        try await client.shutdown()
        print(answered)
    }

    private struct Failure: Error {
        let what: String
    }

    /// As the run's own client has it.
    private static func configuration(concurrency: Int) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        return configuration
    }

    /// The second cell of each row.
    private static func intentIDs(path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map { row in
            let cells = row.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
            guard cells.count > 1 else { throw Failure(what: "a row without an intent") }
            return String(cells[1])
        }
    }

    /// A new call starts whenever one is answered.
    private static func answered(
        _ ids: [String], url: String, client: HTTPClient, concurrency: Int
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var waiting = ids[...]
            var answered = 0
            for id in waiting.prefix(concurrency) {
                group.addTask { try await cancel(id, url: url, client: client) }
            }
            waiting = waiting.dropFirst(concurrency)
            for try await isAnswered in group {
                if isAnswered { answered += 1 }
                guard let id = waiting.popFirst() else { continue }
                group.addTask { try await cancel(id, url: url, client: client) }
            }
            return answered
        }
    }

    private static func cancel(_ id: String, url: String, client: HTTPClient) async throws -> Bool {
        var request = HTTPClientRequest(url: "\(url)/api/v1/payment_intents/\(id)/cancel")
        request.method = .POST
        request.headers = [
            "x-merchant-no": "500000000007245", "x-api-key": "not-a-secret", "x-app-id": "bench",
            "Accept": "application/json", "User-Agent": "intentbatch", "Content-Type": "application/json",
        ]
        request.body = .bytes(ByteBuffer(string: "{}"))
        let response = try await client.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        return response.status == .ok && body.readableBytes > 0
    }
}
