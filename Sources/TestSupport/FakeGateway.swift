package import Instructions
package import Runs

/// A gateway in memory: whole cancels and captures by the rules of its profile, no keys, no faults.
package actor FakeGateway: Gateway {
    package nonisolated let profile: GatewayProfile
    private let words: (cancelled: String, captured: String)
    private var intents: [String: PaymentIntent]

    /// - Parameter words: the profile's status words for an intent after a cancel and after a capture.
    package init(
        profile: GatewayProfile, words: (cancelled: String, captured: String), intents: [PaymentIntent]
    ) {
        self.profile = profile
        self.words = words
        self.intents = Dictionary(uniqueKeysWithValues: intents.map { ($0.id, $0) })
    }

    package nonisolated func request(for call: GatewayCall) -> GatewayRequest {
        switch call {
        case .read(let id):
            GatewayRequest(call: call, method: "GET", path: "/\(id)", body: [])
        case .storedResponse(let change):
            GatewayRequest(call: call, method: "GET", path: "/responses/\(change.key)", body: [])
        case .token:
            GatewayRequest(call: call, method: "POST", path: "/token", body: [])
        case .change(let change):
            GatewayRequest(
                call: call, method: "POST", path: "/\(change.intentID)/\(change.action.rawValue)",
                body: Array("{}".utf8))
        }
    }

    package func send(_ request: GatewayRequest, timeout: Duration) async -> Answer {
        switch request.call {
        case .token:
            return Answer(.token(lifetime: .seconds(3600)), httpStatus: 200)
        case .storedResponse:
            return Answer(.nothingStored, httpStatus: 404)
        case .read(let id):
            guard let intent = intents[id] else {
                return Answer(.notFound, httpStatus: 404, gatewayCode: "none")
            }
            return Answer(.intent(intent), httpStatus: 200)
        case .change(let change):
            guard let intent = intents[change.intentID] else {
                return Answer(.refused, httpStatus: 404, gatewayCode: "none")
            }
            guard profile.allows(change.action, from: profile.state(of: intent.status)) else {
                return Answer(.refused, httpStatus: 400, gatewayCode: "status")
            }
            let done = applied(change, to: intent)
            intents[change.intentID] = done
            return Answer(.intent(done), httpStatus: 200)
        }
    }

    private func applied(_ change: Change, to intent: PaymentIntent) -> PaymentIntent {
        let isCancel = change.action == .cancel
        var done = PaymentIntent(
            id: intent.id, status: isCancel ? words.cancelled : words.captured, amount: intent.amount)
        done.cancellationReason = isCancel ? change.reason : nil
        done.captured = isCancel ? intent.captured : intent.amount.minorUnits
        done.cancelled = isCancel && !intent.lines.isEmpty ? intent.amount.minorUnits : intent.cancelled
        done.lines = intent.lines.map { line in
            PaymentIntent.LineItem(
                id: line.id, total: line.total, captured: isCancel ? line.captured : line.total,
                cancelled: isCancel ? line.total : line.cancelled)
        }
        if !isCancel, !intent.lines.isEmpty {
            done.captures = [
                PaymentIntent.Capture(
                    id: "capture_\(intent.id)", minorUnits: intent.amount.minorUnits,
                    lines: intent.lines.map { LineAmount(id: $0.id, minorUnits: $0.total) })
            ]
        }
        return done
    }
}
