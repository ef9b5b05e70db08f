import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Gathers the answer to one call as its parts come in.
final class ReplyCollector: HTTPClientResponseDelegate {
    private struct Parts {
        var status: Int?
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    private let parts = Mutex(Parts())

    /// Of an answer whose head came.
    var status: Int? { parts.withLock { $0.status } }

    func didReceiveHead(
        task: HTTPClient.Task<HTTPReply>, _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        parts.withLock { parts in
            parts.status = Int(head.status.code)
            parts.headers = head.headers
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<HTTPReply>, _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        let fits = parts.withLock { parts in
            parts.body.append(contentsOf: buffer.readableBytesView)
            return parts.body.count <= OneShotClient.bodyLimitBytes
        }
        return fits
            ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(AnswerTooLong())
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPReply>) throws -> HTTPReply {
        parts.withLock { HTTPReply(status: $0.status ?? 0, headers: $0.headers, body: $0.body) }
    }
}

/// The answer is longer than `OneShotClient.bodyLimitBytes`.
struct AnswerTooLong: Error {}
