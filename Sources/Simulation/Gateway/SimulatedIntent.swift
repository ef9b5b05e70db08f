import Instructions

/// What a money-changing request asks of the gateway, as it reads it from the wire.
struct Wish {
    let action: Action
    /// nil for the whole.
    let amount: Int64?
    let lines: [LineAmount]
    let reason: String?
}

/// What an action did to an intent.
struct Booked {
    let amount: Int64
    let lines: [LineAmount]
}

/// A payment intent as its gateway keeps it, with its own rules: written from the API pages and sharing nothing
/// with the judgements of `Runs`, so that it can disagree with them.
struct SimulatedIntent {
    enum Phase: String {
        case new, open, part, done, void, pending, failed
    }

    struct Line {
        let id: String
        let total: Int64
        var captured: Int64 = 0
        var cancelled: Int64 = 0

        var left: Int64 { total - captured - cancelled }
    }

    let id: String
    let kind: GatewayKind
    let currency: Currency
    let amount: Int64
    var phase: Phase
    var lines: [Line] = []
    var captures: [PaymentIntent.Capture] = []
    var captured: Int64 = 0
    var reason: String?
    /// A keyless gateway that writes no captured amount when the whole was captured.
    var hidesWholeCapture = false

    /// Does it, or returns nil when the rules refuse it.
    mutating func apply(_ wish: Wish, captureID: String) -> Booked? {
        switch kind {
        case .keyless: wish.action == .cancel ? cancelWhole(wish) : captureAmount(wish)
        case .keyed: wish.action == .cancel ? cancelLines(wish) : captureLines(wish, captureID: captureID)
        }
    }

    // MARK: Keyless

    private mutating func cancelWhole(_ wish: Wish) -> Booked? {
        guard wish.amount == nil, phase == .new || phase == .open else { return nil }
        phase = .void
        reason = wish.reason
        return Booked(amount: amount, lines: [])
    }

    /// After a capture nothing remains, however small it was.
    private mutating func captureAmount(_ wish: Wish) -> Booked? {
        let taken = wish.amount ?? amount
        guard phase == .open, taken > 0, taken <= amount else { return nil }
        phase = .done
        captured = taken
        return Booked(amount: taken, lines: [])
    }

    // MARK: Keyed

    private mutating func cancelLines(_ wish: Wish) -> Booked? {
        guard phase == .open, let parts = parts(wish) else { return nil }
        for part in parts { lines[part.index].cancelled += part.amount }
        if lines.allSatisfy({ $0.left == 0 }) { phase = .void }
        return booked(parts)
    }

    private mutating func captureLines(_ wish: Wish, captureID: String) -> Booked? {
        guard phase == .open || phase == .part, phase == .open || wish.amount != nil else { return nil }
        guard let parts = parts(wish) else { return nil }
        for part in parts { lines[part.index].captured += part.amount }
        phase = lines.allSatisfy { $0.left == 0 } ? .done : .part
        let booked = booked(parts)
        captures.append(.init(id: captureID, minorUnits: booked.amount, lines: booked.lines))
        return booked
    }

    /// What each line loses: what is asked of it, or all that is left.
    private func parts(_ wish: Wish) -> [(index: Int, amount: Int64)]? {
        var parts: [(index: Int, amount: Int64)] = []
        guard let amount = wish.amount else {
            for (index, line) in lines.enumerated() where line.left > 0 { parts.append((index, line.left)) }
            return parts.isEmpty ? nil : parts
        }
        var sum: Int64 = 0
        for wanted in wish.lines {
            guard let index = lines.firstIndex(where: { $0.id == wanted.id }),
                wanted.minorUnits > 0, wanted.minorUnits <= lines[index].left
            else { return nil }
            sum += wanted.minorUnits
            parts.append((index, wanted.minorUnits))
        }
        return sum == amount && !parts.isEmpty ? parts : nil
    }

    private func booked(_ parts: [(index: Int, amount: Int64)]) -> Booked {
        Booked(
            amount: parts.reduce(0) { $0 + $1.amount },
            lines: parts.map { LineAmount(id: lines[$0.index].id, minorUnits: $0.amount) })
    }

    // MARK: On the wire

    /// As a read shows it.
    var shown: PaymentIntent {
        var intent = PaymentIntent(
            id: id, status: phase.rawValue, amount: Money(minorUnits: amount, currency: currency))
        switch kind {
        case .keyless:
            if phase == .done, !(hidesWholeCapture && captured == amount) { intent.captured = captured }
            intent.cancellationReason = reason
        case .keyed:
            intent.lines = lines.map {
                .init(id: $0.id, total: $0.total, captured: $0.captured, cancelled: $0.cancelled)
            }
            intent.captured = lines.reduce(0) { $0 + $1.captured }
            intent.cancelled = lines.reduce(0) { $0 + $1.cancelled }
            intent.captures = captures
        }
        return intent
    }

    /// As the answer to an action shows it: of the captures it names its own, by id and without amounts of its
    /// own, which the client fills with the lines' sums.
    var answered: PaymentIntent {
        var intent = shown
        guard let last = captures.last else { return intent }
        let taken = lines.filter { $0.captured > 0 }
        intent.captures = [
            .init(
                id: last.id, minorUnits: taken.reduce(0) { $0 + $1.captured },
                lines: taken.map { LineAmount(id: $0.id, minorUnits: $0.captured) })
        ]
        return intent
    }
}
