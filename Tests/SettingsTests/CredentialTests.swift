import Foundation
import Testing

@testable import Settings

@Suite struct CredentialTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "intentbatch-credentials-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func file(_ content: String, mode: Int = 0o600) throws -> Credential {
        let path = folder + "/\(UUID().uuidString)"
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return .file(path)
    }

    @Test("A secret comes from the environment or a file, without the line end at its end")
    func resolved() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let environment = ["KEY": "k 1"]
        #expect(try Credential.text("x").resolve(name: "n", environment: [:]).value == "x")
        #expect(try Credential.environment("KEY").resolve(name: "n", environment: environment).value == "k 1")
        for ending in ["", "\n", "\r\n", "\n\n"] {
            let resolved = try file("secret" + ending).resolve(name: "n", environment: [:])
            #expect(resolved == .init(value: "secret", warning: nil))
        }
    }

    @Test("A secret that others can read is used with a warning", arguments: [0o644, 0o640, 0o604])
    func readable(mode: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let resolved = try file("secret", mode: mode).resolve(name: "api-key", environment: [:])
        #expect(resolved.value == "secret")
        #expect(try #require(resolved.warning).contains("mode \(String(mode, radix: 8))"))
    }

    @Test("All that is wrong with an account's credentials is said at once, and no secret is shown")
    func problems() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var account = AccountSettings(name: "eu", gateway: "useepay", line: 1)
        account.credentials = [
            "a": .environment("NOT_SET"), "b": .environment("EMPTY"), "c": .environment("BROKEN"),
            "d": .file(folder + "/missing"), "e": .file(folder), "f": try file("\n"),
            "g": try file("topsecret\nsecond"), "h": try file(String(repeating: "topsecret", count: 2000)),
            "i": try file("topsecrét"), "j": .text("fine"),
        ]
        let environment = ["EMPTY": "", "BROKEN": "topsecret\r\nX-Header: 1"]
        let error = #expect(throws: ConfigurationError.self) {
            try account.resolveCredentials(environment: environment)
        }
        let messages = try #require(error).problems.map(\.message)
        let fragments = [
            "variable NOT_SET (for `a`) is not set", "EMPTY (for `b`)",
            "variable BROKEN must contain one line",
            "file for `d` cannot be opened: No such file", "file for `e` is not a regular file",
            "file for `f` is empty", "must contain one line", "has 18000 bytes; the limit is 16384",
            "must contain one line",
        ]
        #expect(messages.count == fragments.count)
        for (message, fragment) in zip(messages, fragments) {
            #expect(message.hasPrefix("account `eu`: ") && message.contains(fragment), "\(message)")
        }
        #expect(!"\(messages)".contains("topsecr"))
    }

    @Test("Files that cannot be a configuration are refused with their name and the reason")
    func unreadableFiles() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let binary = folder + "/binary.yaml"
        try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: binary))
        for (path, fragment) in [
            (folder + "/none.yaml", "No such file or directory"), (folder, "is not a regular file"),
            (binary, "is not UTF-8 text"),
        ] {
            for read in [
                { _ = try ConfigurationFile.read(path: path, profiles: profiles) },
                { _ = try JobFile.read(path: path) },
            ] {
                let error = #expect(throws: ConfigurationError.self) { try read() }
                let description = try #require(error).description
                #expect(description.hasPrefix(path + ": ") && description.contains(fragment))
            }
        }
    }
}

@Suite struct SmallValueTests {
    @Test("Edits are counted as the table says")
    func edits() {
        for (left, right, count) in [
            ("acount", "account", 1), ("acounts", "account", 2), ("teh", "the", 1), ("max", "min", 2),
            ("", "abc", 3), ("same", "same", 0), ("kitten", "sitting", 3),
        ] {
            #expect(NearestName.edits(Array(left), Array(right)) == count)
            #expect(NearestName.edits(Array(right), Array(left)) == count)
        }
    }

    @Test("A far name is nobody's neighbour")
    func nearest() {
        #expect(NearestName.of("xyz", among: ["job", "input"]) == nil)
        #expect(NearestName.of("ON_INVALID", among: ["job", "on-invalid"]) == "on-invalid")
        #expect(NearestName.of("", among: ["job"]) == nil)
    }

    @Test("Base URLs keep host, port and path and lose trailing slashes")
    func baseURLs() {
        let good = [
            "https://a.b": "https://a.b", "HTTPS://A.b:8443/Path//": "https://a.b:8443/Path",
            "http://127.0.0.1:80": "http://127.0.0.1:80", "http://LOCALHOST/": "http://localhost",
            "http://[::1]:8080/x": "http://[::1]:8080/x",
        ]
        for (text, url) in good { #expect(BaseURL.parse(text) == .success(url)) }
        let bad: [(String, BaseURL.Fault)] = [
            ("", .notAURL), ("a.b", .notAURL), ("ftp://a", .notAURL), ("https://", .notAURL),
            ("https:///x", .notAURL), ("https://[::1", .notAURL), ("https://[::1]x", .notAURL),
            ("http://a.b", .plainHTTP), ("http://127.0.0.1.evil.org", .plainHTTP),
            ("https://u:p@a", .superfluous), ("https://a?b", .superfluous), ("https://a#b", .superfluous),
            ("https://a b", .superfluous), ("https://ä.b", .superfluous),
            ("https://a:0", .port), ("https://a:65536", .port), ("https://a:", .port),
            ("https://a:8x", .port),
        ]
        for (text, fault) in bad { #expect(BaseURL.parse(text) == .failure(fault), "\(text)") }
    }

    @Test("Durations are written back in the largest whole unit")
    func durations() {
        for (text, milliseconds, back) in [
            ("0s", 0, "0s"), ("500ms", 500, "500ms"), ("90s", 90_000, "90s"), ("600s", 600_000, "10m"),
            ("24h", 86_400_000, "24h"), ("999999999h", 3_599_999_996_400_000, "999999999h"),
            ("1500ms", 1500, "1500ms"),
        ] {
            let duration = DurationText.parse(text)
            #expect(duration == .success(.milliseconds(milliseconds)))
            #expect(DurationText.text(of: .milliseconds(milliseconds)) == back)
        }
    }
}
