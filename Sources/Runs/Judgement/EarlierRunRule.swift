package import Instructions

/// The row guard over runs (contract, section 3, "Against earlier runs"): whether another run of the account did the
/// same, still has to, or may have.
package enum EarlierRunRule {
    package enum Verdict: Hashable, Sendable {
        case free
        /// That row did it.
        case alreadyApplied(ElsewhereRow)
        case rejected(Rejection)
    }

    /// - Parameters:
    ///   - isWhole: whether the row asks for the whole intent, as far as is known: before its intent is read an amount
    ///     in figures counts as a part.
    ///   - others: rows of other runs on the same intent or with the same reference.
    package static func judge(
        _ instruction: Instruction, isWhole: Bool, among others: [ElsewhereRow]
    ) -> Verdict {
        // What is done is told first: another row that is unsettled changes nothing about it.
        for other in others where other.outcome?.isDone == true {
            let verdict = judge(instruction, isWhole, done: other)
            if verdict != .free { return verdict }
        }
        for other in others where other.outcome == .unconfirmed || (other.outcome == nil && other.isEarlier) {
            let verdict = judge(instruction, isWhole, unsettled: other)
            if verdict != .free { return verdict }
        }
        return .free
    }

    private static func judge(_ row: Instruction, _ isWhole: Bool, done other: ElsewhereRow) -> Verdict {
        let isSame = isSame(row, isWhole, as: other)
        if hasSameReference(row, other) {
            return isSame ? .alreadyApplied(other) : .rejected(.referenceUsed(by: other))
        }
        guard isSame else { return .free }
        if isWhole { return .alreadyApplied(other) }
        return hasOtherReference(row, other) ? .free : .rejected(.partAppliedByEarlierRun(other))
    }

    private static func judge(_ row: Instruction, _ isWhole: Bool, unsettled other: ElsewhereRow) -> Verdict {
        let isSame = isSame(row, isWhole, as: other)
        if hasSameReference(row, other) {
            return .rejected(isSame ? .earlierRunUnsettled(other) : .referenceUsed(by: other))
        }
        return isSame && !hasOtherReference(row, other) ? .rejected(.earlierRunUnsettled(other)) : .free
    }

    /// Same intent, action, amount and line items.
    private static func isSame(_ row: Instruction, _ isWhole: Bool, as other: ElsewhereRow) -> Bool {
        let its = other.instruction
        guard row.intentID == its.intentID, row.action == its.action else { return false }
        let isOtherWhole = other.isWhole ?? its.requested.isEverything
        if isWhole || isOtherWhole { return isWhole == isOtherWhole }
        return row.requested == its.requested && Set(row.lineItems) == Set(its.lineItems)
    }

    private static func hasSameReference(_ row: Instruction, _ other: ElsewhereRow) -> Bool {
        row.reference != nil && row.reference == other.instruction.reference
    }

    /// Both have one, and they differ: two different instructions, whatever they ask for.
    private static func hasOtherReference(_ row: Instruction, _ other: ElsewhereRow) -> Bool {
        guard let mine = row.reference, let its = other.instruction.reference else { return false }
        return mine != its
    }
}

extension RequestedAmount {
    package var isEverything: Bool {
        if case .everything = self { true } else { false }
    }
}
