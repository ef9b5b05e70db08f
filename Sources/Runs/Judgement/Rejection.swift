package import Instructions
package import Pacing

/// Why a row is not sent, or what became of it: a stable code and a sentence with what to do. All wording of the
/// run's own judgements is in this file.
package struct Rejection: Hashable, Sendable {
    package let code: String
    package let message: String

    package static func currencyMismatch(row: Currency, intent: Currency) -> Self {
        Self(
            code: "currency_mismatch",
            message: "the row says \(row.code), the intent is in \(intent.code); correct the currency")
    }

    package static func lineItemsUnsupported(_ gateway: String) -> Self {
        Self(
            code: "line_items_unsupported",
            message:
                "\(gateway) has no line items; clear line_items, or use the account the intent belongs to")
    }

    package static let lineItemsNeeded = Self(
        code: "line_items_needed",
        message:
            "a part is cancelled or captured by line items only; fill in line_items, as ID=AMOUNT;ID=AMOUNT")

    package static func lineItemUnknown(_ id: String) -> Self {
        Self(
            code: "line_item_unknown",
            message: "the intent has no line item \(id); copy the id from the gateway")
    }

    package static let externalDataNeeded = Self(
        code: "external_data_needed",
        message:
            "the account says external-data: required; fill in external_processing_date and the references")

    package static func amountExceedsRemaining(asked: Money, remaining: Money) -> Self {
        Self(
            code: "amount_exceeds_remaining",
            message: "\(asked.majorText) asked, \(remaining.majorText) \(remaining.currency.code) remain")
    }

    package static func duplicate(_ action: Action) -> Self {
        Self(
            code: "duplicate",
            message:
                "an earlier row of this file already accounts for the whole \(action.rawValue) of this intent"
        )
    }

    package static func stateNotAllowed(_ action: Action, status: String, profile: GatewayProfile) -> Self {
        let allowed = profile.states.filter { profile.allows(action, from: $0.value) }.keys.sorted()
        return Self(
            code: "state_not_allowed",
            message: "\(action.rawValue) needs \(allowed.joined(separator: " or ")), the intent is \(status)")
    }

    package static let partialCancelUnsupported = Self(
        code: "partial_cancel_unsupported",
        message: "this gateway cancels whole intents only; leave the amount blank to cancel the whole")

    package static let partialCaptureUnverified = Self(
        code: "partial_capture_unverified",
        message: """
            the gateway's pages do not say what a partial capture does; once it is verified for your account, set \
            assume: { partial-capture: final }
            """)

    package static func nothingRemains(status: String) -> Self {
        Self(code: "nothing_remains", message: "nothing remains to be acted on, the intent is \(status)")
    }

    package static let intentNotFound = Self(
        code: "intent_not_found", message: "the gateway knows no such intent; check intent_id and the account"
    )

    package static func earlierRowNotApplied(row: Int, outcome: Outcome) -> Self {
        Self(
            code: "earlier_row_not_applied",
            message: "row \(row) on the same intent is \(outcome.rawValue); settle that one first")
    }

    package static func intentTaken(run: String, row: Int) -> Self {
        Self(
            code: "intent_unsettled_elsewhere",
            message:
                "row \(row) of run \(run) on this intent is not settled; resolve or resume that run first")
    }

    package static func appliedByEarlierRun(_ other: ElsewhereRow) -> Self {
        let deed = other.outcome == .applied ? "did it" : "found it done already"
        return Self(code: "applied_by_earlier_run", message: "row \(other.row) of run \(other.run) \(deed)")
    }

    package static func partAppliedByEarlierRun(_ other: ElsewhereRow) -> Self {
        Self(
            code: "part_applied_by_earlier_run",
            message: """
                row \(other.row) of run \(other.run) applied the same part of this intent; if it is meant a second \
                time, give this row a reference of its own
                """)
    }

    package static func referenceUsed(by other: ElsewhereRow) -> Self {
        Self(
            code: "reference_used",
            message: """
                row \(other.row) of run \(other.run) has this reference for another instruction; give this row a \
                reference of its own
                """)
    }

    package static func earlierRunUnsettled(_ other: ElsewhereRow) -> Self {
        Self(
            code: "earlier_run_unsettled",
            message: other.outcome == nil
                ? "row \(other.row) of run \(other.run) asks for the same and is still to run; resume that run first"
                : "row \(other.row) of run \(other.run) asks for the same and is unconfirmed; resolve that run first"
        )
    }

    package static let gatewayPending = Self(
        code: "gateway_pending", message: "the gateway still says pending; try again later")

    package static let readFailed = Self(
        code: "read_failed", message: "the intent could not be read after several tries; nothing was sent")
}

extension Rejection {
    package static func declined(_ answer: Answer) -> Self {
        Self(code: "declined", message: answer.message ?? "the gateway refused without a message")
    }

    package static let intentNotReadable = Self(
        code: "intent_not_readable",
        message: "it may have taken effect, and the intent can't be read; look at the gateway's dashboard")

    package static func excluded(status: String) -> Self {
        Self(
            code: "excluded_by_state",
            message:
                "no answer came; the intent was read afterwards and is \(status), so it can't take effect")
    }

    package static let partialUnchanged = Self(
        code: "partial_unchanged",
        message:
            "no answer came and the intent is unchanged; a part is not sent twice, it may still be on its way"
    )

    package static let keyForeign = Self(
        code: "key_foreign",
        message: "the gateway answered another request under this row's key; somebody else uses the same keys"
    )

    package static let refusedThenUnchanged = Self(
        code: "refused_then_unchanged",
        message: "no answer came, the repetition was refused, yet the intent is unchanged; ask the gateway")

    package static let attemptsSpent = Self(
        code: "attempts_spent",
        message:
            "no attempt was answered clearly, and the last read does not show the effect; it may still come")

    package static let retryBudgetSpent = Self(
        code: "retry_budget_spent",
        message:
            "no answer came, the intent is unchanged, and the run has repeated as many calls as it may; it may still "
            + "take effect")

    package static let unchangedForGood = Self(
        code: "unchanged_for_good",
        message:
            "no answer came; read twice, later than a lost request can take effect, the intent is unchanged")

    package static func resolvableLater(_ time: WallTime) -> Self {
        Self(
            code: "resolvable_later",
            message: """
                the intent is unchanged, but a lost request may still take effect; resolve again after \
                \(UTCText.of(time))
                """)
    }

    package static func unclear(status: String) -> Self {
        Self(
            code: "unclear_after_read",
            message: "no answer came; the intent is \(status), which neither shows our effect nor excludes it"
        )
    }
}
