import Glibc

/// An open file that is closed with the value that owns it.
struct OwnedDescriptor: ~Copyable, Sendable {
    let raw: Int32

    /// Opens a file, not to be inherited by child processes; nil with `errno` set when that fails.
    init?(opening path: String, _ flags: Int32, mode: mode_t = 0) {
        // Not stored before it is known to be open: leaving by nil would close it and lose `errno`.
        let opened = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard opened >= 0 else { return nil }
        raw = opened
    }

    deinit {
        _ = Glibc.close(raw)
    }
}

/// Writes every byte, over as many calls as the kernel wants (one, unless disk or signal is in the way);
/// false with `errno` set when it cannot.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var offset = 0
        while offset < buffer.count {
            // In bounds: the loop ends where the buffer does, and a buffer with bytes has a base address.
            let count = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            offset += count
        }
        return true
    }
}

/// The kernel's words for the failure just seen.
func systemReason() -> String {
    String(cString: strerror(errno))
}
