import Pacing
import Runs

/// A run's process: the machine and the batcher with what the driver holds for them. All of it dies in a crash.
struct Process {
    /// Counts the executions; what belongs to an older one reaches nobody.
    var execution = 0
    /// nil while nothing of it runs.
    var machine: RunMachine?
    var batcher = CommitBatcher()
    /// On its way to the disk.
    var committing: [WriteUnit]?
    var openCalls: [Int: Wire] = [:]
    var token: Int?
    var pausedUntil: Duration = .zero
    var isOver = false
    /// It reads unconfirmed rows again, and may send nothing else.
    var isResolving = false

    mutating func die() {
        machine = nil
        batcher = CommitBatcher()
        committing = nil
        openCalls = [:]
        token = nil
        pausedUntil = .zero
    }
}
