import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns what arrives on a socket into calls at the desk, and what the desk says into answers.
struct SandboxResponder: HTTPResponder {
    /// The connection is all that is wanted from Hummingbird's context: a fault closes it.
    struct Context: InitializableFromSource {
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            channel = source.channel
        }
    }

    /// Thrown once the connection is closed: Hummingbird then has nowhere left to write an answer.
    struct ConnectionDropped: Error {}

    /// What becomes of the connection.
    enum Ending {
        case answer(SandboxAnswer)
        /// The body byte by byte, with this much between two of them.
        case drip(SandboxAnswer, milliseconds: Int)
        /// Closed without a byte.
        case drop
        /// Closed at once; what was asked is applied this much later.
        case dropThenApply(SandboxRequest, GatewayDesk.Arrival, milliseconds: Int)
        /// Open without a byte until the client closes it.
        case hang
        /// Half a status line, then closed.
        case halfStatus
    }

    enum Body {
        case whole([UInt8])
        case tooLarge
        case cutShort
    }

    let desk: GatewayDesk
    let logger: Logger
    let unixMilliseconds: @Sendable () -> Int64

    @Sendable
    func respond(to request: Request, context: Context) async throws -> Response {
        if let task = Administration(method: request.method, path: request.uri.path) {
            return try await administer(task, request, context)
        }
        let arrivedAt = unixMilliseconds()
        var received = SandboxRequest(
            method: request.method, path: request.uri.path, query: request.uri.query ?? "",
            headers: request.headers, authority: request.head.authority)
        let ending: Ending
        do {
            let arrival = try await desk.arrive(received, at: arrivedAt)
            switch try await collectBody(of: request, context) {
            case .whole(let bytes):
                received.body = bytes
                ending = try await serve(received, arrival)
            case .tooLarge:
                ending = .answer(try await desk.refuseLargeBody(arrival))
            case .cutShort:
                ending = .drop
            }
        } catch {
            logger.error("A sandbox request got no answer", metadata: ["error": "\(error)"])
            ending = .drop
        }
        return try await end(ending, request.method, context.channel)
    }

    func collectBody(of request: Request, _ context: Context) async throws -> Body {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > SandboxRequest.maximumBodyBytes { return .tooLarge }
        do {
            let buffer = try await request.body.collect(upTo: SandboxRequest.maximumBodyBytes)
            // A client that goes away in mid-body may look like the end of the body: that request never was
            // whole.
            if let declared, declared != buffer.readableBytes { return .cutShort }
            context.channel.triggerUserOutboundEvent(ConnectionGuard.Event.requestRead, promise: nil)
            return .whole(Array(buffer.readableBytesView))
        } catch is NIOTooManyBytesError {
            return .tooLarge
        }
    }

    private func end(
        _ ending: Ending, _ method: HTTPRequest.Method, _ channel: any Channel
    ) async throws -> Response {
        switch ending {
        case .answer(let answer):
            return Response(answer, to: method)
        case .drip(let answer, let milliseconds):
            return Response(answer, to: method, millisecondsBetweenBytes: milliseconds)
        case .drop:
            await Self.close(channel)
        case .dropThenApply(let request, let arrival, let milliseconds):
            await Self.close(channel)
            do {
                try await Task.sleep(for: .milliseconds(milliseconds))
                _ = try await desk.carryOut(request, arrival, answering: false)
            } catch {
                // A sandbox that stops meanwhile cancels the sleep: then nothing is applied.
                logger.error("A late request was not applied", metadata: ["error": "\(error)"])
            }
        case .hang:
            await Self.waitForClient(channel)
        case .halfStatus:
            let words = ConnectionGuard.Event.lastWords(Array("HTTP/1.1 20".utf8))
            try? await channel.triggerUserOutboundEvent(words).get()
            await Self.close(channel)
        }
        throw ConnectionDropped()
    }

    private static func close(_ channel: any Channel) async {
        // The answer of close() does not matter: an error means that the client closed first.
        try? await channel.close().get()
    }

    /// Returns when the client has closed, or the sandbox stops.
    private static func waitForClient(_ channel: any Channel) async {
        channel.triggerUserOutboundEvent(ConnectionGuard.Event.hang, promise: nil)
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

extension Response {
    init(_ answer: SandboxAnswer, to method: HTTPRequest.Method) {
        // A body after the head of an answer to HEAD would be taken for the next answer.
        let body =
            method == .head || answer.body.isEmpty
            ? ResponseBody() : .init(byteBuffer: .init(bytes: answer.body))
        self.init(status: .init(code: answer.status), headers: answer.headers, body: body)
    }

    fileprivate init(
        _ answer: SandboxAnswer, to method: HTTPRequest.Method, millisecondsBetweenBytes milliseconds: Int
    ) {
        self.init(answer, to: method)
        guard method != .head, !answer.body.isEmpty else { return }
        body = ResponseBody(contentLength: answer.body.count) { writer in
            for (place, byte) in answer.body.enumerated() {
                if place > 0 { try await Task.sleep(for: .milliseconds(milliseconds)) }
                try await writer.write(ByteBuffer(bytes: [byte]))
            }
            try await writer.finish(nil)
        }
    }
}
