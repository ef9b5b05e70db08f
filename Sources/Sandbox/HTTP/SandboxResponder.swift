import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns what arrives on a socket into calls at the desk, and carries out what the fault script wants of the
/// connection.
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

    let desk: GatewayDesk
    let logger: Logger
    let unixMilliseconds: @Sendable () -> Int64

    @Sendable
    func respond(to request: Request, context: Context) async throws -> Response {
        let arrivedAt = unixMilliseconds()
        var received = SandboxRequest(
            method: request.method, path: request.uri.path, headers: request.headers,
            query: request.uri.query ?? "", authority: request.head.authority)
        let ending: Ending
        do {
            let arrival = try await desk.arrive(received, at: arrivedAt)
            switch try await collectBody(of: request) {
            case .whole(let bytes):
                received.body = bytes
                ending = try await handle(received, arrival)
            case .tooLarge:
                let answer = SandboxAnswer(status: 413)
                try await desk.note(answer, to: arrival)
                ending = .answer(answer)
            case .cutShort:
                ending = .drop
            }
        } catch {
            logger.error("A sandbox request got no answer", metadata: ["error": "\(error)"])
            ending = .drop
        }
        switch ending {
        case .answer(let answer):
            return Response(answer, to: request.method)
        case .drop:
            // The answer of close() does not matter: an error means that the client closed first.
            try? await context.channel.close().get()
            throw ConnectionDropped()
        }
    }

    private enum Ending {
        case answer(SandboxAnswer)
        case drop
    }

    private enum Body {
        case whole([UInt8])
        case tooLarge
        case cutShort
    }

    private func collectBody(of request: Request) async throws -> Body {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > SandboxRequest.maximumBodyBytes { return .tooLarge }
        do {
            let buffer = try await request.body.collect(upTo: SandboxRequest.maximumBodyBytes)
            // A client that goes away in mid-body may look like the end of the body: that request never was
            // whole.
            if let declared, declared != buffer.readableBytes { return .cutShort }
            return .whole(Array(buffer.readableBytesView))
        } catch is NIOTooManyBytesError {
            return .tooLarge
        }
    }

    private func handle(_ request: SandboxRequest, _ arrival: GatewayDesk.Arrival) async throws -> Ending {
        switch arrival.fault {
        case .answer(let answer):
            try await desk.note(answer, to: arrival)
            return .answer(answer)
        case .dropBefore:
            return .drop
        case .dropAfter:
            _ = try await desk.carryOut(request, arrival, answering: false)
            return .drop
        case .delay(let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            return .answer(try await desk.carryOut(request, arrival, answering: true))
        case nil:
            return .answer(try await desk.carryOut(request, arrival, answering: true))
        }
    }
}

extension Response {
    fileprivate init(_ answer: SandboxAnswer, to method: HTTPRequest.Method) {
        // A body after the head of an answer to HEAD would be taken for the next answer.
        let body =
            method == .head || answer.body.isEmpty
            ? ResponseBody() : .init(byteBuffer: .init(bytes: answer.body))
        self.init(status: .init(code: answer.status), headers: answer.headers, body: body)
    }
}
