import AsyncHTTPClient
import Foundation
import JSON
import NIOHTTP1
import Synchronization
import Testing

@testable import Sandbox

/// Speaks as Mangopay's pages show, with a token of its own.
struct MangopayClient {
    let base: String
    let token: String
    static let basic = ("Authorization", "Basic " + Data("acme:secret".utf8).base64EncodedString())

    init(_ base: String) async throws {
        self.base = base
        token = try #require(try await Self.token(base).json["access_token"]?.string)
    }

    static func token(
        _ base: String, _ body: String = "grant_type=client_credentials",
        headers: [(String, String)] = [basic, ("Content-Type", "application/x-www-form-urlencoded")]
    ) async throws -> Reply {
        try await Client.send(.POST, base + "/v2.01/oauth/token", body, headers: headers)
    }

    /// - Parameter path: behind `/v3.0/acme/payins/intents`.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, key: String? = nil
    ) async throws -> Reply {
        try await raw(method, "/v3.0/acme/payins/intents" + path, body, key: key)
    }

    func raw(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, key: String? = nil
    ) async throws -> Reply {
        var headers = [("Authorization", "bearer " + token), ("Content-Type", "application/json")]
        if let key { headers.append(("Idempotency-Key", key)) }
        return try await Client.send(method, base + path, body, headers: headers)
    }

    func view(_ id: String) async throws -> Reply { try await send(.GET, "/" + id) }

    func cancel(_ id: String, _ body: String? = nil, key: String? = nil) async throws -> Reply {
        try await send(.POST, "/\(id)/cancel", body, key: key)
    }

    func capture(_ id: String, _ body: String? = nil, key: String? = nil) async throws -> Reply {
        try await send(.POST, "/\(id)/captures", body, key: key)
    }

    func stored(_ key: String) async throws -> Reply { try await raw(.GET, "/v2.01/acme/responses/" + key) }

    /// `{"Amount":…,"LineItems":[…]}` with the sum, unless another amount is asked for.
    static func partial(_ parts: [(String, Int64)], amount: Int64? = nil) -> String {
        let items = parts.map { #"{"Id":"\#($0.0)","Amount":\#($0.1)}"# }.joined(separator: ",")
        return #"{"Amount":\#(amount ?? parts.reduce(0) { $0 + $1.1 }),"LineItems":[\#(items)]}"#
    }
}

extension SandboxFixture {
    static func mangopay(
        _ intents: [String], faults: String? = nil, _ own: MangopayOptions = .init(limits: [])
    ) throws -> SandboxFixture {
        var fixture = try SandboxFixture(intents, faults: faults)
        fixture.options.gateway = .mangopay(own)
        return fixture
    }
}

/// Lines of intents files.
enum MangopayLines {
    /// Two line items: `ID-a` of 7500 and `ID-b` of 2500.
    static func intent(_ id: String, _ status: String = "AUTHORIZED") -> String {
        #"{"Id":"\#(id)","Amount":10000,"Currency":"EUR","Status":"\#(status)","LineItems":["#
            + #"{"Id":"\#(id)-a","TotalLineItemAmount":7500},{"Id":"\#(id)-b","TotalLineItemAmount":2500}]}"#
    }
}

/// A clock that a test moves.
final class MovingClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_793_000_000_123)

    var now: Int64 { milliseconds.withLock { $0 } }

    func move(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

/// What must hold of every intent as GET shows it (mangopay fact file, sections 5 and 10).
enum MangopayInvariants {
    static func broken(_ intent: JSONValue) -> [String] {
        var broken: [String] = []
        func expect(_ holds: Bool, _ what: String) { if !holds { broken.append(what) } }
        func number(_ value: JSONValue, _ key: String) -> Int64 { value[key]?.int64 ?? .min }
        let lines = intent["LineItems"]?.array ?? []
        expect(!lines.isEmpty, "no lines")
        var sums: [String: Int64] = [:]
        for line in lines {
            let id = line["Id"]?.string ?? "?"
            let total = number(line, "TotalLineItemAmount")
            expect(
                total == number(line, "UnitAmount") * number(line, "Quantity")
                    - number(line, "DiscountAmount"),
                "\(id): total is not the price")
            for key in [
                "TotalLineItemAmount", "CancelledAmount", "CapturedAmount", "RefundedAmount",
                "DisputedAmount",
                "SplitAmount",
            ] {
                expect((0...total).contains(number(line, key)), "\(id): \(key) out of bounds")
                sums[key, default: 0] += number(line, key)
            }
            expect(
                number(line, "CancelledAmount") + number(line, "CapturedAmount") <= total,
                "\(id): more used than there is")
            let captured = (intent["Captures"]?.array ?? []).flatMap { $0["LineItems"]?.array ?? [] }.filter {
                $0["Id"] == line["Id"]
            }.reduce(0) { $0 + number($1, "Amount") }
            expect(captured == number(line, "CapturedAmount"), "\(id): captures do not add up")
            sums["fees", default: 0] += line["Seller"]?["FeesAmount"]?.int64 ?? 0
        }
        let amount = number(intent, "Amount")
        let captured = sums["CapturedAmount"] ?? 0
        let cancelled = sums["CancelledAmount"] ?? 0
        expect(amount == sums["TotalLineItemAmount"], "amount is not the sum")
        expect(number(intent, "PlatformFeesAmount") == sums["fees"], "fees are not the sum")
        for capture in intent["Captures"]?.array ?? [] {
            let parts = (capture["LineItems"]?.array ?? []).reduce(0) { $0 + number($1, "Amount") }
            expect(number(capture, "Amount") == parts, "a capture is not its lines")
            expect(capture["Id"]?.string?.hasPrefix("int_capture_") == true, "a capture's id")
        }
        let ids = (intent["Captures"]?.array ?? []).compactMap { $0["Id"]?.string }
        expect(Set(ids).count == ids.count, "a capture's id comes twice")
        switch intent["Status"]?.string {
        case "AUTHORIZED": expect(captured == 0 && cancelled < amount, "not AUTHORIZED")
        case "PARTIALLY_CAPTURED":
            expect(captured > 0 && captured + cancelled < amount, "not PARTIALLY_CAPTURED")
        case "CAPTURED": expect(captured > 0 && captured + cancelled == amount, "not CAPTURED")
        case "CANCELLED": expect(cancelled == amount, "not CANCELLED")
        default: broken.append("status \(intent["Status"]?.string ?? "none")")
        }
        expect(
            number(intent, "AvailableAmountToSplit") == captured - (sums["SplitAmount"] ?? 0),
            "available to split")
        return broken
    }
}
