import Instructions
import Runs

/// Requests as the simulated wire carries them: the body says all of a change, so that two of the same bytes are
/// the same request.
enum SimulatedRequest {
    static let make: @Sendable (GatewayCall) -> GatewayRequest = { call in
        switch call {
        case .read(let id): GatewayRequest(call: call, method: "GET", path: id, body: [])
        case .token: GatewayRequest(call: call, method: "POST", path: "token", body: [])
        case .storedResponse(let change):
            GatewayRequest(call: call, method: "GET", path: "stored/\(change.key)", body: [])
        case .change(let change):
            GatewayRequest(call: call, method: "POST", path: path(of: change), body: body(of: change))
        }
    }

    static func path(of change: Change) -> String { "\(change.intentID)/\(change.action.rawValue)" }

    private static func body(of change: Change) -> [UInt8] {
        var text = change.amount.map { "\($0.minorUnits)\($0.currency.code)" } ?? "all"
        for line in change.lines { text += ";\(line.id)=\(line.minorUnits)" }
        if let reason = change.reason { text += ";\(reason)" }
        return Array(text.utf8)
    }
}

/// A key in its parts: `BASE-ROW-GENERATION`.
struct KeyParts {
    let row: Int
    let generation: Int

    init?(_ key: String) {
        let parts = key.split(separator: "-")
        guard parts.count == 3, let row = Int(parts[1]), let generation = Int(parts[2]) else { return nil }
        self.row = row
        self.generation = generation
    }
}
