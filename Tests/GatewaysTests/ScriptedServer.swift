import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// What the server does with one request (or, for `closeOnConnect` and `speakFirst`, with one connection).
enum Play: Sendable {
    /// Writes the bytes; the connection stays open.
    case answer(String)
    /// Writes the bytes, then closes.
    case answerAndClose(String)
    /// Closes as soon as a connection stands, before reading from it.
    case closeOnConnect
    /// Writes the bytes as soon as a connection stands, without a request.
    case speakFirst(String)
    case closeAfterReading
    /// Closes with a TCP reset once the request was read.
    case resetAfterReading
    /// Never answers.
    case hang
    /// Writes the bytes, then a space every 10 ms for ever.
    case drip(String)
}

/// A request as it came over the wire.
struct RecordedRequest: Sendable {
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var line: String { String(text.prefix { $0 != "\r\n" }) }
    var body: String {
        text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }
    /// By names in lower case.
    var headers: [String: String] {
        let head = text.firstRange(of: "\r\n\r\n").map { text[..<$0.lowerBound] } ?? ""
        var headers: [String: String] = [:]
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        return headers
    }
}

/// A server on 127.0.0.1 that plays a script over raw sockets and records every request: the n-th play
/// belongs to the n-th request; after the script's end the last play is repeated.
final class ScriptedServer: Sendable {
    private struct State {
        var plays: [Play]
        var requests: [RecordedRequest] = []
        var connections = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func nextPlay() -> Play { plays.count > 1 ? plays.removeFirst() : plays[0] }
    }

    private let state: Mutex<State>
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    let port: Int

    var requests: [RecordedRequest] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    private init(_ plays: [Play], channel: any Channel, state: Shared) {
        self.state = Mutex(State(plays: plays))
        port = channel.localAddress?.port ?? 0
        self.channel.withLock { $0 = channel }
        state.server.withLock { $0 = self }
    }

    /// The handlers are made before the server's port is known.
    private final class Shared: Sendable {
        let server: Mutex<ScriptedServer?> = Mutex(nil)
    }

    /// Runs `body` against a server that plays `plays`, and closes it afterwards.
    static func running<Result>(
        _ plays: Play..., body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await running(plays, body: body)
    }

    static func running<Result>(
        _ plays: [Play], body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let shared = Shared()
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        PlayHandler(
                            connected: { shared.server.withLock { $0 }?.connected() },
                            play: { shared.server.withLock { $0 }?.received($0) ?? .hang }))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(plays, channel: channel, state: shared)
        do {
            let result = try await body(server)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    private func close() async throws {
        try await channel.withLock { $0 }?.close().get()
    }

    /// What to do before a request comes.
    private func connected() -> Play? {
        state.withLock { state in
            state.connections += 1
            switch state.plays[0] {
            case .closeOnConnect, .speakFirst: return state.nextPlay()
            default: return nil
            }
        }
    }

    private func received(_ request: RecordedRequest) -> Play {
        let (play, ready) = state.withLock { state in
            state.requests.append(request)
            let count = state.requests.count
            let ready = state.waiting.filter { $0.count <= count }
            state.waiting.removeAll { $0.count <= count }
            return (state.nextPlay(), ready)
        }
        for waiter in ready { waiter.continuation.resume() }
        return play
    }

    /// Returns when that many requests were read.
    func received(count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

/// Cuts a connection's bytes into requests and does what the script says.
private final class PlayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connected: @Sendable () -> Play?
    private let play: @Sendable (RecordedRequest) -> Play
    private var bytes: [UInt8] = []

    init(connected: @escaping @Sendable () -> Play?, play: @escaping @Sendable (RecordedRequest) -> Play) {
        self.connected = connected
        self.play = play
    }

    func channelActive(context: ChannelHandlerContext) {
        if let play = connected() { perform(play, context: context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Array(unwrapInboundIn(data).readableBytesView)
        while let length = lengthOfFirstRequest() {
            let request = RecordedRequest(bytes: Array(bytes.prefix(length)))
            bytes.removeFirst(length)
            perform(play(request), context: context)
        }
    }

    private func lengthOfFirstRequest() -> Int? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = RecordedRequest(bytes: Array(bytes[..<end.upperBound]))
        let length = end.upperBound + (head.headers["content-length"].flatMap(Int.init) ?? 0)
        return bytes.count >= length ? length : nil
    }

    private func perform(_ play: Play, context: ChannelHandlerContext) {
        switch play {
        case .answer(let text), .speakFirst(let text): write(text, context: context)
        case .answerAndClose(let text):
            write(text, context: context)
            context.close(promise: nil)
        case .closeOnConnect, .closeAfterReading: context.close(promise: nil)
        case .resetAfterReading:
            // Closing with the linger time 0 sends a reset.
            (context.channel as? any SocketOptionProvider)?
                .setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated()
                .whenComplete { _ in context.close(promise: nil) }
        case .hang: break
        case .drip(let text):
            write(text, context: context)
            drip(context: context)
        }
    }

    private func drip(context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(10)) {
            guard context.channel.isActive else { return }
            self.write(" ", context: context)
            self.drip(context: context)
        }
    }

    private func write(_ text: String, context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
