import Instructions
import Pacing

/// Draws intents, and rows on them that a checked file could hold: several on one intent, whole and in part, equal
/// parts, but never a whole cancel beside a whole capture.
struct RowMaker {
    private static let euro = Currency(code: "EUR")!
    /// Few and round, so that parts often are equal and sometimes just fit.
    private static let part: Int64 = 1000
    private static let reasons: [String?] = [nil, "stale", "fraud"]

    let kind: GatewayKind

    func intent(_ number: Int, using random: inout SplitMix64) -> SimulatedIntent {
        kind == .keyless ? keylessIntent(number, &random) : keyedIntent(number, &random)
    }

    private func keylessIntent(_ number: Int, _ random: inout SplitMix64) -> SimulatedIntent {
        let phase: SimulatedIntent.Phase =
            random.chance(perMille: 850) ? .open : random.pick([.new, .done, .void])
        var intent = SimulatedIntent(
            id: "pi\(number)", kind: kind, currency: Self.euro, amount: 3 * Self.part, phase: phase)
        if phase == .done { intent.captured = random.pick([Self.part, 3 * Self.part]) }
        intent.hidesWholeCapture = random.chance(perMille: 500)
        return intent
    }

    private func keyedIntent(_ number: Int, _ random: inout SplitMix64) -> SimulatedIntent {
        let lines = (1...random.draw(1...3)).map {
            SimulatedIntent.Line(id: "li\($0)", total: Self.part * Int64(random.draw(1...6)))
        }
        var intent = SimulatedIntent(
            id: "pi\(number)", kind: kind, currency: Self.euro,
            amount: lines.reduce(0) { $0 + $1.total }, phase: .open, lines: lines)
        guard random.chance(perMille: 250) else { return intent }
        // Somebody was here before.
        let action: Action = random.pick([.cancel, .capture])
        let wish = Wish(
            action: action, amount: Self.part, lines: [LineAmount(id: "li1", minorUnits: Self.part)],
            reason: nil)
        _ = intent.apply(wish, captureID: "cap-before-\(number)")
        return intent
    }

    // MARK: Rows

    mutating func instructions(
        _ count: Int, on intents: [SimulatedIntent], onlyWholeCancels: Bool,
        using random: inout SplitMix64
    ) -> [Instruction] {
        var rows: [Instruction] = []
        let styles = intents.map { _ in random.pick(Style.allCases) }
        for _ in 0..<count {
            let index = random.draw(0...intents.count - 1)
            let intent = intents[index]
            let style =
                onlyWholeCancels ? .wholeCancel : random.chance(perMille: 100) ? .anything : styles[index]
            let row = instruction(rows.count + 1, on: intent, style, using: &random)
            guard !rows.contains(where: { conflicts($0, row, on: intent) }) else { continue }
            rows.append(row)
        }
        return rows
    }

    /// Contract, section 3: an intent with a whole cancel and a whole capture in one file.
    private func conflicts(_ one: Instruction, _ other: Instruction, on intent: SimulatedIntent) -> Bool {
        one.intentID == other.intentID && one.action != other.action
            && isWhole(one, of: intent) && isWhole(other, of: intent)
    }

    private func isWhole(_ row: Instruction, of intent: SimulatedIntent) -> Bool {
        switch row.requested {
        case .everything: true
        case .exactly(let money): money.minorUnits == intent.amount
        }
    }

    /// What most rows on one intent of a file ask for.
    private enum Style: CaseIterable {
        case wholeCancel, wholeCapture, captureParts, cancelParts, anything
    }

    private func instruction(
        _ number: Int, on intent: SimulatedIntent, _ style: Style, using random: inout SplitMix64
    ) -> Instruction {
        let action: Action
        switch style {
        case .wholeCancel, .cancelParts: action = .cancel
        case .wholeCapture, .captureParts: action = .capture
        case .anything: action = random.pick([.cancel, .capture])
        }
        var isPart = style == .captureParts || style == .cancelParts
        if style == .anything { isPart = random.chance(perMille: 600) }
        if kind == .keyless, action == .cancel { isPart = false }
        let lines = isPart && kind == .keyed ? lines(of: intent, &random) : []
        var requested = RequestedAmount.everything(nil)
        if isPart {
            let amount = kind == .keyed ? lines.reduce(0) { $0 + $1.minorUnits } : Self.part
            requested = .exactly(Money(minorUnits: amount, currency: intent.currency))
        } else if action == .capture, random.chance(perMille: 300) {
            requested = .exactly(Money(minorUnits: intent.amount, currency: intent.currency))
        }
        var row = Instruction(
            row: number, line: number + 1, action: action, intentID: intent.id, requested: requested)
        row.lineItems = lines
        row.reason = action == .cancel ? random.pick(Self.reasons) : nil
        // Half of them unlike any other file's.
        row.reference = random.pick([nil, "ref\(number)", "ref\(number)-\(random.draw(1...1_000_000))"])
        row.expiresAt = random.chance(perMille: 200) ? Int64(random.draw(1...3)) : nil
        return row
    }

    private func lines(of intent: SimulatedIntent, _ random: inout SplitMix64) -> [LineAmount] {
        let chosen = intent.lines.filter { _ in random.chance(perMille: 500) }
        return (chosen.isEmpty ? [intent.lines[0]] : chosen).map {
            LineAmount(id: $0.id, minorUnits: random.chance(perMille: 800) ? Self.part : $0.total)
        }
    }
}
