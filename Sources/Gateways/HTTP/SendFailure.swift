import AsyncHTTPClient
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What an error of the HTTP client says about the request: whether any byte of it can have left, and in
/// words.
///
/// Source: async-http-client 1.37. A request waits in the connection pool's queue until a connection
/// stands; an error of making a connection is given only to requests still in that queue
/// (`HTTPConnectionPool.HTTP1StateMachine`, `failedToCreateNewConnection` and `timeoutRequest`). The errors
/// below are thrown nowhere else. Everything that is not in the list may come after the head was written:
/// time-outs, resets, closed pooled connections.
struct SendFailure {
    let provesNothingSent: Bool
    /// For people; never holds a header or a body.
    let why: String

    static let noAnswerInTime = "no whole answer came in time"
    static let stopped = "the call was given up before its answer came"

    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError:
            provesNothingSent = Self.beforeSending.contains(error)
            why = Self.words(for: error)
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            // Hosts given as an address. On a standing connection Linux can report this errno only after
            // its retransmissions are used up, about 15 minutes, which no deadline of a call outlasts.
            provesNothingSent = true
            why = Self.noConnection + Self.detail(error)
        case let error as IOError:
            provesNothingSent = false
            why = "the connection broke" + Self.detail(error)
        case is CancellationError:
            provesNothingSent = false
            why = Self.stopped
        case is AnswerTooLong:
            provesNothingSent = false
            why = "the answer is longer than \(OneShotClient.bodyLimitBytes) bytes"
        default:
            provesNothingSent = Self.isFailureToConnect(error)
            why = (provesNothingSent ? Self.noConnection : "the exchange broke off") + Self.detail(error)
        }
    }

    private static let noConnection = "no connection could be made; nothing was sent"

    private static let beforeSending: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown,
    ]

    private static func words(for error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "\(noConnection) (connecting took too long)"
        case .tlsHandshakeTimeout: "\(noConnection) (the TLS handshake took too long)"
        case .getConnectionFromPoolTimeout: "\(noConnection) (all connections stayed busy)"
        case .alreadyShutdown: "the client is already closed; nothing was sent"
        case .deadlineExceeded: noAnswerInTime
        case .cancelled: stopped
        case .remoteConnectionClosed: "the gateway closed the connection without a whole answer"
        // The long description may hold header values, and they are credentials.
        default: "the exchange broke off (\(error.shortDescription))"
        }
    }

    /// Two types that live in modules which this room does not import, so they are known by name (tests over
    /// real sockets hold the names fast): the connector's error for host names, which collects look-ups and
    /// connects; and a TLS handshake that failed, certificate and host name checks included.
    private static func isFailureToConnect(_ error: any Error) -> Bool {
        let text = String(describing: error)
        return switch String(reflecting: type(of: error)) {
        case "NIOPosix.NIOConnectionError": true
        case "NIOSSL.NIOSSLError": text.hasPrefix("handshakeFailed")
        case "NIOSSL.NIOSSLExtraError": text.hasPrefix("NIOSSLExtraError.failedToValidateHostname")
        default: false
        }
    }

    private static func detail(_ error: any Error) -> String {
        " (\(SafeText.forPeople(String(describing: error))))"
    }
}
