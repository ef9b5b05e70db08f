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
    ///   - isWhole: whether the row asks for the whole intent; nil while it has an amount in figures and its intent was
    ///     not read.
    ///   - others: rows of other runs on the same intent or with the same reference.
    package static func judge(
        _ instruction: Instruction, isWhole: Bool?, among others: [ElsewhereRow]
    ) -> Verdict {
        #if MUTANTS
        if PlantedBug.planted == .rowGuardIgnored { return .free }
        #endif
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

    private static func judge(_ row: Instruction, _ isWhole: Bool?, done other: ElsewhereRow) -> Verdict {
        switch compare(row, isWhole, with: other) {
        case .sameWhole:
            return .alreadyApplied(other)
        case .samePart:
            if hasSameReference(row, other) { return .alreadyApplied(other) }
            return hasOtherReference(row, other) ? .free : .rejected(.partAppliedByEarlierRun(other))
        case .other:
            return hasSameReference(row, other) ? .rejected(.referenceUsed(by: other)) : .free
        case .unknown:
            return .free
        }
    }

    private static func judge(_ row: Instruction, _ isWhole: Bool?, unsettled other: ElsewhereRow) -> Verdict
    {
        switch compare(row, isWhole, with: other) {
        case .sameWhole, .samePart:
            return hasOtherReference(row, other) ? .free : .rejected(.earlierRunUnsettled(other))
        case .other, .unknown:
            return hasSameReference(row, other) ? .rejected(.referenceUsed(by: other)) : .free
        }
    }

    /// How the other row's content compares: intent, action, amount and line items.
    private enum Comparison {
        case sameWhole, samePart, other
        /// Whether an amount in figures is the whole shows when the intent is read: judged at the attempt's opening.
        case unknown
    }

    private static func compare(
        _ row: Instruction, _ isWhole: Bool?, with other: ElsewhereRow
    ) -> Comparison {
        let its = other.instruction
        guard row.intentID == its.intentID, row.action == its.action else { return .other }
        let isOtherWhole = other.isWhole ?? (its.requested.isEverything ? true : nil)
        if row.requested == its.requested, Set(row.lineItems) == Set(its.lineItems) {
            return isWhole == true || isOtherWhole == true ? .sameWhole : .samePart
        }
        switch (isWhole, isOtherWhole) {
        case (true, true): return .sameWhole
        case (nil, true), (true, nil): return .unknown
        default: return .other
        }
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
