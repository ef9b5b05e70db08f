import NIOCore

/// Lets what a call writes leave together: AsyncHTTPClient flushes the head of a request before its body, which makes
/// two packets, two system calls and two wake-ups of the gateway out of a hundred bytes.
///
/// A flush waits until the event loop has run what it is at, no longer.
final class FlushGatherer: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    private var isDue = false

    func flush(context: ChannelHandlerContext) {
        guard !isDue else { return }
        isDue = true
        context.eventLoop.assumeIsolated().execute {
            self.isDue = false
            context.flush()
        }
    }

    /// Adds one next to the socket.
    static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(FlushGatherer(), position: .first)
        }
    }
}
