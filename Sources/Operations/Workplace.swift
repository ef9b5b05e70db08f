package import Logging
package import Runs
import SQLiteRunStore
import Spool

/// Everything an operation on runs needs: where state and reports lie, which account, and who asks.
package struct Workplace: Sendable {
    package let state: StateLayout
    package let account: AccountInUse
    package let requester: Requester
    package let logger: Logger
    /// Told of everything that happens while a run is executed.
    package let onEvent: @Sendable (RunRecord, RunEvent) -> Void

    package init(
        state: StateLayout, account: AccountInUse, requester: Requester, logger: Logger,
        onEvent: @escaping @Sendable (RunRecord, RunEvent) -> Void
    ) {
        self.state = state
        self.account = account
        self.requester = requester
        self.logger = logger
        self.onEvent = onEvent
    }
}

extension Workplace {
    func openStore() throws -> SQLiteStore {
        try state.openStore()
    }
}

extension StateLayout {
    /// The store of the state directory; a run counts as executing while its lock is held.
    func openStore() throws -> SQLiteStore {
        try SQLiteStore(directory: directory, worked: runsWorkedOn) { DirectoryLock.isHeld(runLock($0)) }
    }
}

extension RunRecord {
    var metadata: Logger.Metadata { ["run": "\(name)"] }
}
