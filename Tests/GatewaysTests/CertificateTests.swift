import Foundation
import Glibc
import Runs
import Testing

/// A TLS server with a certificate of its own making, by the `openssl` command.
private final class UntrustedServer {
    static let openssl = "/usr/bin/openssl"
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    let port: Int
    private let process: Process
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "intentbatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificate = try Self.start(
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out",
                "cert.pem",
            ], in: folder)
        certificate.process.waitUntilExit()
        let server = try Self.start(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-www"], in: folder
        )
        process = server.process
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var text = ""
        while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
            let chunk = server.output.availableData
            guard !chunk.isEmpty else { break }
            text += String(decoding: chunk, as: UTF8.self)
        }
        let digits = text.split(separator: "ACCEPT").last?.split(separator: ":").last ?? ""
        port = try #require(Int(digits.trimmingCharacters(in: .whitespacesAndNewlines)), "\(text)")
    }

    deinit {
        // Not terminate(): the child inherits the blocked signals of the thread that started it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func start(
        _ arguments: [String], in folder: URL
    ) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: openssl)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }
}

@Suite("Certificates")
struct CertificateTests {
    @Test(
        "A certificate that nobody vouches for: nothing was sent",
        .enabled(if: UntrustedServer.isPossible, "the openssl command is not installed"))
    func untrusted() async throws {
        let server = try UntrustedServer()
        for host in ["localhost", "127.0.0.1"] {
            try await withClient("https://\(host):\(server.port)") { client in
                let answer = await client.send(client.request(for: cancelCall()), timeout: .seconds(20))
                #expect(answer.kind == .notSent, "\(answer)")
                #expect(answer.message?.contains("CERTIFICATE_VERIFY_FAILED") == true, "\(answer)")
            }
        }
    }
}
