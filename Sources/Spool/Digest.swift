import Crypto
import SystemPackage

/// Fingerprints of content, and of identities for keys.
package enum Digest {
    /// SHA-256 as 64 lower-case hexadecimal digits.
    package static func sha256Hex(_ bytes: [UInt8]) -> String {
        hex(sha256(bytes))
    }

    /// The first characters of the SHA-256 of a text's UTF-8, in base32 (RFC 4648 section 6, `A`-`Z` and
    /// `2`-`7`): letters and digits only, 5 bits each, so 16 characters carry 80 bits.
    ///
    /// - Parameter characters: 1 to 51, the characters that 256 bits fill whole.
    package static func base32Hash(_ text: String, characters: Int) -> String {
        precondition((1...51).contains(characters), "SHA-256 fills 51 characters of base32")
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var output: [UInt8] = []
        var pending: UInt32 = 0
        var pendingBits = 0
        for byte in sha256(Array(text.utf8)) {
            pending = pending << 8 | UInt32(byte)
            pendingBits += 8
            while pendingBits >= 5 {
                pendingBits -= 5
                output.append(alphabet[Int(pending >> pendingBits) & 31])
            }
            pending &= 0x1F
        }
        return String(decoding: output.prefix(characters), as: UTF8.self)
    }

    /// Of a file from its present position to its end, in bounded memory.
    static func sha256Hex(of file: FileDescriptor, _ path: String) throws(SpoolError) -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        var hash = SHA256()
        while true {
            let count = try Files.read(file, into: buffer, path)
            if count == 0 { return hex(hash.finalize()) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func sha256(_ bytes: [UInt8]) -> SHA256.Digest {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}
