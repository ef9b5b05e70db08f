import JSON

/// What the provider says of an action (mangopay fact file, section 4).
enum MangopayExternalData {
    /// Which fields are needed depends on what is done.
    enum Use {
        case creation, cancel, capture

        fileprivate var required: [String] {
            switch self {
            case .creation: ["ExternalProcessingDate", "ExternalProviderReference", "ExternalProviderName"]
            case .cancel: ["ExternalProcessingDate"]
            case .capture: ["ExternalProcessingDate", "ExternalProviderReference", "ExternalProviderName"]
            }
        }
    }

    private static let texts = [
        "ExternalProviderReference", "ExternalMerchantReference", "ExternalProviderName",
        "ExternalProviderPaymentMethod",
    ]

    /// Checks the object and gives it as the API answers it: the provider's name in sentence case, nulls
    /// left out, the date as it was given (what the live API makes of a string was not found).
    static func checked(_ object: JSONObject, for use: Use) throws(MangopayMistake) -> JSONObject {
        let fields = MangopayFields(object)
        for key in use.required where fields[key] == nil {
            throw MangopayMistake("ExternalData." + key, "is required")
        }
        if let date = fields["ExternalProcessingDate"] {
            let isDate = (date.int64 ?? -1) >= 0 || date.string.map(MangopayTime.isDayMonthYear) == true
            guard isDate else {
                throw MangopayMistake(
                    "ExternalData.ExternalProcessingDate", "must be a Unix timestamp or a dd-mm-yyyy string")
            }
        }
        for key in texts {
            guard let value = fields[key] else { continue }
            guard let text = value.string, !text.isEmpty else {
                throw MangopayMistake("ExternalData." + key, "must be a string that is not empty")
            }
        }
        var answer = JSONObject(object.members.filter { !$0.value.isNull })
        if let name = fields["ExternalProviderName"]?.string {
            answer["ExternalProviderName"] = .string(sentenceCase(name))
        }
        return answer
    }

    /// What GET external-providers lists. The live list is longer; these are the names that the pages and
    /// tests show. Other names are taken too.
    static let providers = ["Adyen", "Braintree", "Mangopay", "Paypal", "Stripe"]

    private static func sentenceCase(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst().lowercased()
    }
}
