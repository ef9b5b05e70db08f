import Instructions

/// The two kinds of gateways there are to us, as profiles of the simulation's own.
enum GatewayKind {
    /// Like UseePay: no keys, whole cancels, a partial capture is final.
    case keyless
    /// Like Mangopay: keys and their stored responses, tokens, line items, captures by id.
    case keyed

    var profile: GatewayProfile {
        switch self {
        case .keyless:
            GatewayProfile(
                gateway: "keyless",
                states: [
                    "new": .unauthorized, "open": .authorized, "done": .captured, "void": .cancelled,
                    "pending": .pending, "failed": .failed,
                ],
                cancelAllowedFrom: [.unauthorized, .authorized], captureAllowedFrom: [.authorized],
                partialCancel: .refused, partialCapture: .final, missingCapturedAmountMeansWhole: true,
                sendsCancellationReason: true, defaultLimits: [], assumptions: [])
        case .keyed:
            GatewayProfile(
                gateway: "keyed",
                states: [
                    "open": .authorized, "part": .partiallyCaptured, "done": .captured, "void": .cancelled,
                ],
                cancelAllowedFrom: [.authorized], captureAllowedFrom: [.authorized, .partiallyCaptured],
                partialCancel: .byLineItems, partialCapture: .byLineItems,
                missingCapturedAmountMeansWhole: false, sendsCancellationReason: false,
                keyLifetime: SimulatedGateway.keyLifetime, usesTokens: true, defaultLimits: [],
                assumptions: [])
        }
    }
}
