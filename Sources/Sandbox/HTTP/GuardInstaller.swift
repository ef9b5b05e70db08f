import NIOCore

/// Put before all other handlers of the listening socket: gives each accepted connection its
/// `ConnectionGuard` before the first byte is read.
final class GuardInstaller: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let limits: ConnectionGuard.Limits

    init(limits: ConnectionGuard.Limits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let connection = unwrapInboundIn(data)
        // What comes after this handler sets the connection up on the same event loop, so later.
        if connection.eventLoop.inEventLoop {
            guardConnection(connection)
        } else {
            connection.eventLoop.execute { self.guardConnection(connection) }
        }
        context.fireChannelRead(data)
    }

    private func guardConnection(_ connection: any Channel) {
        // Fails only on a connection that is closed already.
        try? connection.pipeline.syncOperations.addHandler(ConnectionGuard(limits: limits), position: .first)
    }
}
