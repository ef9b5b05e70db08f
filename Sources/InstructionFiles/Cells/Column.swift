/// A column that instruction files may have (contract, section 3).
package enum Column: Int, CaseIterable, Sendable {
    case action, intentID, amount, currency, reason, reference, lineItems
    case externalProcessingDate, externalProviderReference, externalMerchantReference
    case externalProviderName, externalProviderPaymentMethod
    case expiresAt

    /// The name in a header.
    package var name: String { Self.names[rawValue] }

    private static let names = [
        "action", "intent_id", "amount", "currency", "reason", "reference", "line_items",
        "external_processing_date", "external_provider_reference", "external_merchant_reference",
        "external_provider_name", "external_provider_payment_method",
        "expires_at",
    ]

    /// The column of a normalized name.
    init?(named name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: index)
    }

    /// The name without surrounding blanks, in lower case, spaces and hyphens as underscores.
    static func normalized(_ name: String) -> String {
        String(
            decoding: CellText.trimmed(Array(name.utf8)[...]).map { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
                case UInt8(ascii: " "), UInt8(ascii: "-"): UInt8(ascii: "_")
                default: byte
                }
            }, as: UTF8.self)
    }

    /// The known name within two edits of an unknown one, for the mend.
    static func nearest(to name: String) -> Column? {
        let distances = allCases.map { ($0, EditDistance.between($0.name, name)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= 2 else { return nil }
        return best.0
    }
}

/// How many single characters must be inserted, removed or replaced to turn one word into another
/// (Levenshtein).
enum EditDistance {
    static func between(_ left: String, _ right: String) -> Int {
        // A header cell may be as long as a record; nothing so long is near a column's name.
        guard right.utf8.count <= 64 else { return .max }
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        var previous = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (scalar == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
