import Glibc

/// Who and where this process is, for the audit record and the check of the machine.
package struct ProcessFacts: Sendable {
    /// machine-id(5); nil where the machine has none.
    package let machineID: String?
    package let bootID: String
    package let host: String
    package let pid: Int32

    package init(machineID: String?, bootID: String, host: String, pid: Int32) {
        self.machineID = machineID
        self.bootID = bootID
        self.host = host
        self.pid = pid
    }

    /// As the kernel and /etc say now.
    package static func current() -> ProcessFacts {
        var name = [CChar](repeating: 0, count: 256)
        // gethostname(2) fails for a name longer than the buffer only; Linux allows 64 bytes.
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // "uninitialized" stands there during the first boot of an image (machine-id(5)).
        let machineID = line(of: "/etc/machine-id").flatMap { $0 == "uninitialized" ? nil : $0 }
        return ProcessFacts(
            machineID: machineID, bootID: line(of: "/proc/sys/kernel/random/boot_id") ?? "",
            host: host, pid: getpid())
    }

    /// At most `limit` bytes of a small text file; nil when it cannot be read. Files of /proc have no size.
    static func contents(of path: String, limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func line(of path: String) -> String? {
        let text = contents(of: path, limit: 256)?.split(whereSeparator: \.isWhitespace).first
        return text.map(String.init)
    }
}
