import NIOCore

/// The handler nearest to the socket of each connection: closes it when nothing happens or a request does not
/// come to its end, and carries out what a fault wants of the bare connection.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    struct Limits: Sendable {
        /// Without a request, or without the client taking its answer.
        var idle: TimeAmount
        /// From the first byte of a request to its last.
        var request: TimeAmount
    }

    /// What the responder says on the connection's channel, as outbound user events.
    enum Event: Sendable {
        /// The request has been read to its end; its answer may take its time.
        case requestRead
        /// No answer will come: the connection ends with the client's side of it.
        case hang
        /// These bytes, past HTTP, and then the end of the connection.
        case lastWords([UInt8])
    }

    private enum State {
        /// For a request, or for the client to take more of an answer. Until then.
        case waiting(NIODeadline)
        /// A request has begun. Until then it must have ended.
        case receiving(NIODeadline)
        /// An answer is being made.
        case serving
    }

    private let limits: Limits
    private var state: State
    private var hasInputEnded = false
    private var isHanging = false
    private var timer: Scheduled<Void>?

    init(limits: Limits) {
        self.limits = limits
        state = .waiting(.now() + limits.idle)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wait(min(limits.idle, limits.request), context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .waiting = state { state = .receiving(.now() + limits.request) }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            hasInputEnded = true
            if isHanging { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func flush(context: ChannelHandlerContext) {
        switch state {
        case .serving, .waiting: state = .waiting(.now() + limits.idle)
        // An answer that came before the end of its request does not stop the clock of that request.
        case .receiving: break
        }
        context.flush()
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        switch event as? Event {
        case .requestRead:
            state = .serving
            promise?.succeed()
        case .hang:
            isHanging = true
            if hasInputEnded { context.close(promise: nil) }
            promise?.succeed()
        case .lastWords(let bytes):
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            context.close(promise: promise)
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    /// One timer a connection, never moved by its traffic: it looks when the earliest limit may have been
    /// reached, and again.
    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        let soonest = min(limits.idle, limits.request)
        switch state {
        case .serving:
            wait(soonest, context)
        case .waiting(let deadline), .receiving(let deadline):
            let now = NIODeadline.now()
            if now >= deadline {
                context.close(promise: nil)
            } else {
                wait(min(deadline - now, soonest), context)
            }
        }
    }
}
