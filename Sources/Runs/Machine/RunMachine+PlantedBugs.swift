#if MUTANTS
import Instructions
import Pacing

/// What the planted bugs do at the places that ask for them; nil or false where none is planted.
extension RunMachine {
    /// A refusal that proves nothing, taken for one that does.
    func plantedRefusal(_ active: ActiveRow, _ answer: Answer) -> Bool {
        switch PlantedBug.planted {
        case .errorIsRefusal: answer.kind == .ambiguous && (answer.httpStatus ?? 0) >= 500
        case .refusalAfterAmbiguous: answer.kind == .refused
        default: false
        }
    }

    /// Goes on after an ambiguous answer without asking what became of it.
    mutating func plantedResend(_ active: ActiveRow, at time: Duration, now: Moment) -> Bool {
        var active = active
        switch PlantedBug.planted {
        case .newKeyAfterAmbiguous:
            active.risesGeneration = true
            active.repeatsKey = true
            wait(active, until: time, then: .send)
        case .blindResend:
            active.repeatsKey = true
            wait(active, until: time, then: .send)
        case .resolvesTooEarly:
            wait(active, until: now.monotonic, then: keyHelps(active, now: now) ? .stored : .read)
        default:
            return false
        }
        return true
    }

    /// Sends before its attempt is on the disk.
    mutating func plantedSend(
        _ active: inout ActiveRow, _ opening: ActiveRow.OpenAttempt, _ lease: CallLease, now: Moment
    ) -> Bool {
        guard PlantedBug.planted == .sendBeforeCommit else { return false }
        active.open = opening
        active.opening = nil
        active.lastNumber = opening.attempt.number
        active.lastKey = opening.attempt.key
        active.step = .sending
        active.open?.sentAt = now.monotonic
        active.sends += 1
        emit(
            opening.request, row: active.row, closes: lease.closes, isRetry: opening.attempt.number > 1)
        commit([.open(opening.attempt)], for: .close)
        return true
    }
}
#endif
