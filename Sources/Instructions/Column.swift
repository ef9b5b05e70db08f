/// A column that instruction files may have (contract, section 3). The raw value is the name in a header.
package enum Column: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case action
    case intentID = "intent_id"
    case amount, currency, reason, reference
    case lineItems = "line_items"
    case externalProcessingDate = "external_processing_date"
    case externalProviderReference = "external_provider_reference"
    case externalMerchantReference = "external_merchant_reference"
    case externalProviderName = "external_provider_name"
    case externalProviderPaymentMethod = "external_provider_payment_method"
    case expiresAt = "expires_at"

    /// The name in a header.
    package var name: String { rawValue }

    /// Place in `allCases`, for tables by column: a dictionary look-up a cell would be most of the work.
    package var index: Int {
        switch self {
        case .action: 0
        case .intentID: 1
        case .amount: 2
        case .currency: 3
        case .reason: 4
        case .reference: 5
        case .lineItems: 6
        case .externalProcessingDate: 7
        case .externalProviderReference: 8
        case .externalMerchantReference: 9
        case .externalProviderName: 10
        case .externalProviderPaymentMethod: 11
        case .expiresAt: 12
        }
    }

    /// Whether `defaults` may fill in its blank cells: what each row must say for itself is left out.
    package var mayHaveDefault: Bool {
        switch self {
        case .intentID, .amount, .reference, .lineItems: false
        default: true
        }
    }
}
