import Glibc

/// One process at a time: flock(2) on `LEDGER.lock`, which the kernel gives back even after kill -9.
/// The file stays; it says who held it last, for the message to the next who asks.
enum LedgerLock {
    static func take(ledger: String) throws(SandboxError) -> OwnedDescriptor {
        let path = ledger + ".lock"
        guard let descriptor = OwnedDescriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600) else {
            throw .cannotUse(.ledger, "open the ledger's lock", path, reason: systemReason())
        }
        guard flock(descriptor.raw, LOCK_EX | LOCK_NB) == 0 else {
            throw .locked(ledger: ledger, holder: holder(descriptor.raw))
        }
        guard ftruncate(descriptor.raw, 0) == 0, writeAll(Array("\(me())\n".utf8), to: descriptor.raw) else {
            throw .cannotUse(.ledger, "write the ledger's lock", path, reason: systemReason())
        }
        return descriptor
    }

    private static func me() -> String {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "process \(getpid()) on \(name), since \(Timestamp.text(Timestamp.unixMilliseconds()))"
    }

    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 400)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
