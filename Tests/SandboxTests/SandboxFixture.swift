import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

/// A folder of its own with an intents file and a ledger, and a client that speaks as UseePay's page shows.
struct SandboxFixture {
    let folder: URL
    var options: SandboxOptions

    /// - Parameter intents: lines of the intents file.
    init(_ intents: [String], faults: String? = nil, credentials: UseePayCredentials? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let intentsFile = folder.appendingPathComponent("intents.ndjson")
        try Data((intents.joined(separator: "\n") + "\n").utf8).write(to: intentsFile)
        var faultsFile: URL?
        if let faults {
            let file = folder.appendingPathComponent("faults.json")
            try Data(faults.utf8).write(to: file)
            faultsFile = file
        }
        options = SandboxOptions(
            gateway: .useepay(credentials: credentials), intentsPath: intentsFile.path,
            ledgerPath: folder.appendingPathComponent("ledger.ndjson").path, faultsPath: faultsFile?.path,
            unixMilliseconds: { 1_793_000_000_123 })
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    func ledgerText() throws -> String {
        try String(contentsOf: URL(fileURLWithPath: options.ledgerPath), encoding: .utf8)
    }

    func ledger() throws -> [JSONValue] {
        try ledgerText().split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// The port of a base URL, for bare sockets.
    static func port(_ base: String) throws -> UInt16 {
        try #require(UInt16(base.split(separator: ":").last ?? ""))
    }

    /// The ledger's effects as `operation intent amount`.
    func effects() throws -> [String] {
        try ledger().filter { $0["kind"]?.string == "effect" }.map {
            let words = [$0["operation"], $0["intent_id"], $0["amount"]].map { $0?.string ?? "?" }
            return words.joined(separator: " ")
        }
    }
}

/// What a client got.
struct Reply {
    let status: Int
    let contentType: String?
    let body: [UInt8]
    let headers: HTTPHeaders

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The error envelope's code.
    var code: String? { json["code"]?.string }
}

enum Client {
    static let credentials: [(String, String)] = [
        ("x-merchant-no", "500000000007245"), ("x-api-key", "FUYTIUvjhgfytfuytwiue"),
        ("x-app-id", "www.pay.com"),
        ("Content-Type", "application/json"),
    ]

    static func send(
        _ method: HTTPMethod, _ url: String, _ body: String? = nil, headers: [(String, String)] = credentials
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(Array(body.utf8)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 4 << 20)
        return Reply(
            status: Int(response.status.code), contentType: response.headers.first(name: "content-type"),
            body: Array(bytes.readableBytesView), headers: response.headers)
    }

    static func create(_ base: String, _ body: String, path: String = "/create") async throws -> Reply {
        try await send(.POST, "\(base)/api/v1/payment_intents\(path)", body)
    }

    static func update(_ base: String, _ id: String, _ body: String? = nil) async throws -> Reply {
        try await send(.POST, "\(base)/api/v1/payment_intents/\(id)", body)
    }

    static func confirm(_ base: String, _ id: String, _ body: String? = nil) async throws -> Reply {
        try await send(.POST, "\(base)/api/v1/payment_intents/\(id)/confirm", body)
    }

    static func list(_ base: String, _ query: String = "") async throws -> Reply {
        try await send(.GET, "\(base)/api/v1/payment_intents\(query)")
    }

    static func retrieve(_ base: String, _ id: String) async throws -> Reply {
        try await send(.GET, "\(base)/api/v1/payment_intents/\(id)")
    }

    static func cancel(_ base: String, _ id: String, _ body: String? = nil) async throws -> Reply {
        try await send(.POST, "\(base)/api/v1/payment_intents/\(id)/cancel", body)
    }

    static func capture(_ base: String, _ id: String, _ body: String? = nil) async throws -> Reply {
        try await send(.POST, "\(base)/api/v1/payment_intents/\(id)/capture", body)
    }
}
