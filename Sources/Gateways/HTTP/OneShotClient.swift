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
        configuration.timeout.connect = TimeAmount(min(Self.longestConnectTime, timeout / 2))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.connectionPool.idleTimeout = TimeAmount(Self.idleConnectionTime)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections; calls in flight are lost.
    func shutdown() async throws { try await client.shutdown() }

    /// Sends the call once. A cancelled task loses it.
    func exchange(_ call: HTTPCall, timeout: Duration) async -> HTTPExchange {
        // The library's own deadline ends with the response's head, so a timer covers the body too.
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        return await withTaskGroup(of: Finished.self) { group in
            group.addTask { .exchange(await perform(call, deadline: deadline)) }
            group.addTask {
                do { try await Task.sleep(for: timeout) } catch { return .timerStopped }
                return .timeIsUp
            }
            var timeIsUp = false
            var outcome = HTTPExchange.lost(why: SendFailure.stopped, status: nil)
            for await finished in group {
                switch finished {
                case .exchange(.lost(_, let status)) where timeIsUp:
                    outcome = .lost(why: SendFailure.noAnswerInTime, status: status)
                case .exchange(let exchange):
                    outcome = exchange
                    group.cancelAll()
                case .timeIsUp:
                    timeIsUp = true
                    group.cancelAll()
                case .timerStopped: break
                }
            }
            return outcome
        }
    }

    private enum Finished: Sendable {
        case exchange(HTTPExchange)
        case timeIsUp
        /// The exchange ended first, or the caller's task was cancelled.
        case timerStopped
    }

    private func perform(_ call: HTTPCall, deadline: NIODeadline) async -> HTTPExchange {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method)
        request.headers = call.headers
        if !call.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: call.body)) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: deadline)
        } catch {
            let failure = SendFailure(error)
            return failure.provesNothingSent
                ? .notSent(why: failure.why) : .lost(why: failure.why, status: nil)
        }
        let status = Int(response.status.code)
        do {
            let body = try await response.body.collect(upTo: Self.bodyLimitBytes)
            let reply = HTTPReply(
                status: status, headers: response.headers, body: Array(body.readableBytesView))
            return .answered(reply)
        } catch {
            return .lost(why: SendFailure(error).why, status: status)
        }
    }
}

/// Dumping a client must not walk into the library's connections: their buffers hold headers with
/// credentials, and other threads are at work on them.
extension OneShotClient: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
