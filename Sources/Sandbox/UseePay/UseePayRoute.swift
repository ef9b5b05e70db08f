import HTTPTypes

/// The paths of the fact file's section 4, create on both of its paths.
enum UseePayRoute {
    case call(GatewayCall)
    /// There is such a path, but not for this method.
    case wrongMethod(allowed: String)
    case unknown

    init(_ request: SandboxRequest) {
        self = .unknown
        guard let segments = request.segments, Array(segments.prefix(3)) == ["api", "v1", "payment_intents"]
        else { return }
        func route(_ operations: [HTTPRequest.Method: String], intentID: String?) -> Self {
            guard let operation = operations[request.method] else {
                return .wrongMethod(allowed: operations.keys.map(\.rawValue).sorted().joined(separator: ", "))
            }
            return .call(.init(operation: operation, intentID: intentID))
        }
        switch segments.count {
        case 3:
            self = route([.get: "list", .post: "create"], intentID: nil)
        case 4 where segments[3] == "create" && request.method == .post:
            self = .call(.init(operation: "create", intentID: nil))
        case 4 where !segments[3].isEmpty:
            self = route([.get: "retrieve", .post: "update"], intentID: segments[3])
        case 5 where ["confirm", "cancel", "capture"].contains(segments[4]):
            self = route([.post: segments[4]], intentID: segments[3])
        default:
            break
        }
    }
}
