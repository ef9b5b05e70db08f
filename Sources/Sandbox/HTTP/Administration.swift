import Glibc
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// The sandbox's own endpoints, below `/sandbox`. They are no part of a gateway: the ledger does not note
/// them, no fault strikes them, and they want no credentials.
enum Administration {
    case readLedger
    case replaceFaults
    case wrongMethod(allowed: String)
    case unknown

    /// Nil for a path that is the gateway's.
    init?(method: HTTPRequest.Method, path: String) {
        guard path == "/sandbox" || path.hasPrefix("/sandbox/") else { return nil }
        switch (path, method) {
        case ("/sandbox/ledger", .get): self = .readLedger
        case ("/sandbox/ledger", _): self = .wrongMethod(allowed: "GET")
        case ("/sandbox/faults", .put): self = .replaceFaults
        case ("/sandbox/faults", _): self = .wrongMethod(allowed: "PUT")
        default: self = .unknown
        }
    }
}

extension SandboxResponder {
    func administer(
        _ task: Administration, _ request: Request, _ context: Context
    ) async throws -> Response {
        let bytes: [UInt8]
        switch try await collectBody(of: request, context) {
        case .whole(let collected): bytes = collected
        case .tooLarge:
            return Self.message(413, "at most \(SandboxRequest.maximumBodyBytes) bytes", request.method)
        case .cutShort: return Self.message(400, "the request was cut short", request.method)
        }
        switch task {
        case .readLedger:
            return await ledger()
        case .replaceFaults:
            do {
                let rules = try await desk.replaceFaults(parsing: bytes)
                return Response(.json(["faults": .number(String(rules))]), to: request.method)
            } catch {
                return Self.message(400, error.what, request.method)
            }
        case .wrongMethod(let allowed):
            var response = Self.message(405, "only \(allowed) is allowed here", request.method)
            response.headers[.allow] = allowed
            return response
        case .unknown:
            let known = "GET /sandbox/ledger, PUT /sandbox/faults"
            return Self.message(404, "no such endpoint; there are \(known)", request.method)
        }
    }

    private static func message(_ status: Int, _ text: String, _ method: HTTPRequest.Method) -> Response {
        Response(.json(["message": .string(text)], status: status), to: method)
    }

    /// The whole lines that the ledger has now, read in pieces.
    private func ledger() async -> Response {
        let (path, length) = await desk.ledgerExtent
        let body = ResponseBody(contentLength: length) { writer in
            guard let file = OwnedDescriptor(opening: path, O_RDONLY) else {
                throw SandboxError.cannotUse(.ledger, "open the ledger", path, reason: systemReason())
            }
            var piece = [UInt8](repeating: 0, count: 64 * 1024)
            var offset = 0
            while offset < length {
                let count = pread(file.raw, &piece, min(piece.count, length - offset), off_t(offset))
                guard count > 0 else {
                    throw SandboxError.cannotUse(.ledger, "read the ledger", path, reason: systemReason())
                }
                try await writer.write(ByteBuffer(bytes: piece[..<count]))
                offset += count
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }
}
