import Dispatch
import Glibc

/// A socket with nothing in between, to see each byte and each close as it is.
enum RawSocket {
    struct Failure: Error {
        let what: String
    }

    /// Sends the bytes to 127.0.0.1, closes the sending side, and gives what comes back until the other side
    /// closes.
    static func exchange(port: UInt16, _ text: String) async throws -> [UInt8] {
        // Not on the pool of the tasks: the sandbox needs its threads to answer.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try blockingExchange(port: port, text) })
            }
        }
    }

    private static func blockingExchange(port: UInt16, _ text: String) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket") }
        defer { close(descriptor) }
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
        guard connected == 0 else { throw Failure(what: "connect") }
        let bytes = Array(text.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(what: "send")
        }
        shutdown(descriptor, Int32(SHUT_WR))
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
