import Instructions
import JSON
import Runs

/// The calls as Mangopay takes them.
struct MangopayRequests: Sendable {
    let clientID: String

    /// The request of a call; the same call gives the same bytes.
    ///
    /// A change that the API has no form for is a mistake of the program and traps: it must not become
    /// another change.
    func request(for call: GatewayCall) -> GatewayRequest {
        switch call {
        case .change(let change):
            precondition(Self.isKey(change.key), "Mangopay takes keys of 16 to 36 letters, digits and dashes")
            return GatewayRequest(
                call: call, method: "POST", path: path(of: change), body: Self.body(of: change).bytes())
        case .read(let intentID):
            return GatewayRequest(call: call, method: "GET", path: path(intentID), body: [])
        case .storedResponse(let change):
            precondition(Self.isKey(change.key), "Mangopay takes keys of 16 to 36 letters, digits and dashes")
            return GatewayRequest(
                call: call, method: "GET", path: "/v2.01/\(client)/responses/\(change.key)", body: [])
        case .token:
            return GatewayRequest(
                call: call, method: "POST", path: "/v2.01/oauth/token",
                body: Array("grant_type=client_credentials".utf8))
        }
    }

    /// Where a change is sent to.
    func path(of change: Change) -> String {
        switch change.action {
        case .cancel: path(change.intentID) + "/cancel"
        case .capture: path(change.intentID) + "/captures"
        }
    }

    private var client: String { PathSegment.encoded(clientID) }

    private func path(_ intentID: String) -> String {
        "/v3.0/\(client)/payins/intents/" + PathSegment.encoded(intentID)
    }

    private static func isKey(_ key: String) -> Bool {
        (16...36).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The whole is asked for by leaving amount and lines out. Even then the body is an object, which the API
    /// takes as well as none: a request without a length is answered 411.
    private static func body(of change: Change) -> JSONValue {
        var body = JSONObject()
        if let amount = change.amount {
            precondition(
                isSum(change.lines, amount), "the lines of a part are positive and sum to its amount")
            body["Amount"] = .number(String(amount.minorUnits))
            body["Currency"] = .string(amount.currency.code)
            body["LineItems"] = .array(
                change.lines.map { line in
                    .object(
                        JSONObject(["Id": .string(line.id), "Amount": .number(String(line.minorUnits))]))
                })
        } else {
            precondition(change.lines.isEmpty, "the whole is asked for without line items")
        }
        if let data = change.externalData { body["ExternalData"] = .object(object(data)) }
        return .object(body)
    }

    private static func isSum(_ lines: [LineAmount], _ amount: Money) -> Bool {
        var rest = amount.minorUnits
        for line in lines {
            guard line.minorUnits > 0, line.minorUnits <= rest else { return false }
            rest -= line.minorUnits
        }
        return rest == 0 && !lines.isEmpty && Set(lines.map(\.id)).count == lines.count
    }

    /// The date goes as Unix seconds, the type on all current pages.
    private static func object(_ data: ExternalData) -> JSONObject {
        var object = JSONObject(["ExternalProcessingDate": .number(String(data.processingDate))])
        object["ExternalProviderReference"] = data.providerReference.map(JSONValue.string)
        object["ExternalMerchantReference"] = data.merchantReference.map(JSONValue.string)
        object["ExternalProviderName"] = data.providerName.map(JSONValue.string)
        object["ExternalProviderPaymentMethod"] = data.providerPaymentMethod.map(JSONValue.string)
        return object
    }
}
