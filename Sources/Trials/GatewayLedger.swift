import Foundation
import JSON

/// What the gateway's own record says of money-changing calls.
package struct GatewayLedger: Sendable {
    /// Something that the gateway did once.
    package struct Effect: Hashable, Sendable {
        package let operation: String
        package let intentID: String
        /// The idempotency key of the request; nil at a gateway without keys.
        package let key: String?
        /// As the ledger has it: major units at UseePay, minor units at Mangopay.
        package let amount: String?
        package let currency: String?

        /// `cancel 1012…`.
        package var text: String { "\(operation) \(intentID)" }
    }

    /// A request that came.
    package struct Arrival: Hashable, Sendable {
        /// Milliseconds since 1970.
        package let at: Int64
        /// Whether it would change money.
        package let isChange: Bool
        /// Whether a fault of the script struck it.
        package let isStruck: Bool
    }

    package private(set) var effects: [Effect] = []
    /// Money-changing requests that arrived.
    package private(set) var attempted = 0
    /// Requests of any kind that a fault of the script struck.
    package var struck: Int { arrivals.count { $0.isStruck } }
    /// Requests of any kind, in the order in which they came.
    package private(set) var arrivals: [Arrival] = []

    /// - Parameter path: nil, or a file that is not there, is an empty ledger.
    package init(path: String?) throws {
        for line in try Self.lines(of: path) {
            let event = try JSONValue(parsing: line)
            let operation = event["operation"]?.string ?? ""
            switch event["kind"]?.string {
            case "request":
                let isChange = operation == "cancel" || operation == "capture"
                if isChange { attempted += 1 }
                arrivals.append(
                    Arrival(
                        at: try Self.milliseconds(event["at"]?.string ?? ""), isChange: isChange,
                        isStruck: event["fault"]?.string != nil))
            case "effect":
                effects.append(
                    Effect(
                        operation: operation, intentID: event["intent_id"]?.string ?? "",
                        key: event["key"]?.string, amount: event["amount"]?.string,
                        currency: event["currency"]?.string))
            default:
                break
            }
        }
    }

    /// Effects alone, without reading every line as JSON.
    package static func countEffects(in path: String?) throws -> Int {
        var counter = EffectCounter()
        return try counter.count(in: path)
    }

    /// `2026-11-20T02:00:01.250Z`
    private static func milliseconds(_ text: String) throws -> Int64 {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return Int64((try style.parse(text).timeIntervalSince1970 * 1000).rounded())
    }

    /// Whole lines; a torn last one is what a kill leaves behind.
    private static func lines(of path: String?) throws -> [[UInt8]] {
        guard let path, let bytes = FileManager.default.contents(atPath: path) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init).filter {
            $0.last == UInt8(ascii: "}")
        }
    }
}
