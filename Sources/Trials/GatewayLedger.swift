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

    package private(set) var effects: [Effect] = []
    /// Money-changing requests that arrived.
    package private(set) var attempted = 0
    /// Requests of any kind that a fault of the script struck.
    package private(set) var struck = 0

    /// - Parameter path: nil, or a file that is not there, is an empty ledger.
    package init(path: String?) throws {
        for line in try Self.lines(of: path) {
            let event = try JSONValue(parsing: line)
            let operation = event["operation"]?.string ?? ""
            switch event["kind"]?.string {
            case "request":
                if operation == "cancel" || operation == "capture" { attempted += 1 }
                if event["fault"]?.string != nil { struck += 1 }
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

    /// Whole lines; a torn last one is what a kill leaves behind.
    private static func lines(of path: String?) throws -> [[UInt8]] {
        guard let path, let bytes = FileManager.default.contents(atPath: path) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init).filter {
            $0.last == UInt8(ascii: "}")
        }
    }
}
