import Foundation
import Glibc

/// A socket with nothing in between, to see each byte and each close as it is.
enum RawSocket {
    struct Failure: Error {
        let what: String
    }

    /// Sends the bytes to 127.0.0.1 and gives what comes back until the other side closes.
    ///
    /// - Parameters:
    ///   - closesSending: whether the sending side is closed after the bytes.
    ///   - drip: sends the bytes one by one with this pause between two of them, until the other side closes.
    static func exchange(
        port: UInt16, _ text: String, closesSending: Bool = true, dripMicroseconds drip: UInt32? = nil
    ) async throws -> [UInt8] {
        // A thread of its own: a queue of Dispatch has the threads that the sandbox's tasks need to answer.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let descriptor = try connected(to: port)
                        defer { close(descriptor) }
                        try send(Array(text.utf8), drip, to: descriptor)
                        if closesSending { shutdown(descriptor, Int32(SHUT_WR)) }
                        return try rest(of: descriptor)
                    })
            }
        }
    }

    private static func connected(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket") }
        // A server that never closes fails the test instead of hanging it.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw Failure(what: "connect")
        }
        return descriptor
    }

    private static func send(_ bytes: [UInt8], _ drip: UInt32?, to descriptor: Int32) throws {
        guard let drip else {
            guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw Failure(what: "send")
            }
            return
        }
        for byte in bytes {
            guard Glibc.send(descriptor, [byte], 1, Int32(MSG_NOSIGNAL)) == 1 else { return }
            var peek: UInt8 = 0
            // 0 is the end of the other side; an error but EAGAIN too.
            let seen = recv(descriptor, &peek, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            if seen == 0 || (seen < 0 && errno != EAGAIN) { return }
            usleep(drip)
        }
        throw Failure(what: "every byte was taken")
    }

    private static func rest(of descriptor: Int32) throws -> [UInt8] {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count > 0 {
                received += piece[..<count]
            } else if count == 0 || errno == ECONNRESET {
                return received
            } else {
                throw Failure(what: "the other side neither answered nor closed")
            }
        }
    }
}
