import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// An HTTP client for calls that move money: a call is one request and is never repeated, redirected or
/// negotiated to another protocol by the client itself, and has one absolute deadline from the first
/// look-up to the last byte of the answer.
///
/// TLS certificates are verified in full (the library's default); no proxy is used and no environment
/// variable is read.
struct OneShotClient: Sendable {
    /// A longer answer is lost: no document of these APIs comes near it.
    static let bodyLimitBytes = 1 << 20
    /// Connecting, the wait for a free connection included, ends after half the time-out and at most after
    /// this, so that a silent host is found out as "not sent" before the deadline makes it "lost".
    static let longestConnectTime = Duration.seconds(10)
    /// Unused connections are closed before common servers do it (Node.js after 5 s, Apache after 5 s, load
    /// balancers after 60 s): a request written while the server closes is a lost one.
    static let idleConnectionTime = Duration.seconds(4)

    /// Where the tasks that call do best to run.
    let loop = CallLoop()
    private let client: HTTPClient

    /// - Parameters:
    ///   - concurrency: connections at most; further calls wait for one.
    ///   - timeout: the usual time-out of a call; connecting gets a part of it.
    init(concurrency: Int, timeout: Duration) {
        precondition(concurrency > 0, "a client without connections cannot send")
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.proxy = nil
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = FlushGatherer.add
        configuration.timeout.connect = TimeAmount(min(Self.longestConnectTime, timeout / 2))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.connectionPool.idleTimeout = TimeAmount(Self.idleConnectionTime)
        client = HTTPClient(eventLoopGroupProvider: .shared(loop.group), configuration: configuration)
    }

    /// Closes all connections; calls in flight are lost.
    func shutdown() async throws {
        try await client.shutdown()
        try await loop.shutdown()
    }

    /// Sends the call once. A cancelled task loses it.
    func exchange(_ call: HTTPCall, timeout: Duration) async -> HTTPExchange {
        let collector = ReplyCollector()
        let task: HTTPClient.Task<HTTPReply>
        do {
            let request = try HTTPClient.Request(
                url: call.url, method: HTTPMethod(rawValue: call.method), headers: call.headers,
                body: call.body.isEmpty ? nil : .byteBuffer(ByteBuffer(bytes: call.body)))
            // The deadline of the library's calls with a delegate covers the body too.
            task = client.execute(
                request: request, delegate: collector, deadline: .now() + TimeAmount(timeout))
        } catch {
            return .notSent(why: SendFailure(error).why)
        }
        do {
            return try await withTaskCancellationHandler {
                .answered(try await task.get())
            } onCancel: {
                task.cancel()
            }
        } catch {
            let failure = SendFailure(error)
            return failure.provesNothingSent
                ? .notSent(why: failure.why) : .lost(why: failure.why, status: collector.status)
        }
    }
}

/// Dumping a client must not walk into the library's connections: their buffers hold headers with
/// credentials, and other threads are at work on them.
extension OneShotClient: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
