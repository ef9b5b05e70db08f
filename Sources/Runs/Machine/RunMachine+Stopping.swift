import DequeModule
import Pacing

extension RunMachine {
    /// Why the execution must stop by itself, if it must.
    func reasonToStop(now: Moment) -> Stop? {
        if health.mustGiveUp(now: now.monotonic) { return Stop(.outage, message: health.lastMessage) }
        if failureBudget.isSpent {
            return Stop(
                .failures,
                message: """
                    \(failureBudget.failed) of \(failureBudget.settled) rows were declined, failed or not confirmed, \
                    the last \(failureBudget.inARow) in a row: more than stop-when allows
                    """)
        }
        if let deadlineAt, now.monotonic >= deadlineAt {
            return Stop(.deadline, message: "the job's deadline is over")
        }
        return nil
    }

    /// Starts nothing new. Answers in flight are awaited until `drain` is over; what is still open then is
    /// resolved by the resume.
    mutating func stop(_ stop: Stop, now: Moment) {
        guard stopping == nil else { return }
        stopping = Stopping(stop: stop, drainedAt: now.monotonic + settings.drain)
        effects.append(.report(.stopping(stop)))
        for row in ready {
            guard case .wantsSlot = rows[row]?.step, let active = rows.removeValue(forKey: row) else {
                continue
            }
            closeUnsent(active, now: now)
        }
        ready.removeAll()
    }

    mutating func endIfDrained(_ stopping: Stopping, now: Moment) {
        guard units.isEmpty else { return }
        let isSending = calls.values.contains { call in
            guard let row = call.row, case .sending = rows[row]?.step else { return false }
            return true
        }
        if !isSending || now.monotonic >= stopping.drainedAt { end(stopping.stop) }
    }
}
