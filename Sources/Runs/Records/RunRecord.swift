package import Instructions
package import Pacing

/// Where a run is in its life (contract, section 1).
package enum RunState: String, Sendable, CaseIterable {
    /// Set with the claim; rows are being written to the store.
    case importing
    /// Set by the last transaction of the import.
    case ready
    /// Set when an execution starts.
    case running
    /// Set when an execution ends early, or is found dead by the next one.
    case stopped
    /// Set when every row has an outcome. Never left.
    case finished
    /// Set by a person's `abandon`. Never left.
    case abandoned

    package var isOver: Bool { self == .finished || self == .abandoned }
}

/// Why an execution ended before its run was finished; the words of `summary.json`.
package enum StopReason: String, Sendable {
    case failures, credentials, outage, limit, signal, deadline, person
}

/// Why an execution stops, and what is known of it for people.
package struct Stop: Hashable, Sendable {
    package let reason: StopReason
    package let message: String?

    package init(_ reason: StopReason, message: String? = nil) {
        self.reason = reason
        self.message = message
    }
}

/// The claimed input of a run.
package struct InputRecord: Hashable, Sendable {
    /// The file's own name, without its folders.
    package let name: String
    /// Absolute, as it was when the file was claimed.
    package let path: String
    /// Lower-case hex of the SHA-256 of the bytes.
    package let sha256: String
    package let byteCount: Int64
    /// Absolute path of the private copy that is read instead of the file.
    package let snapshotPath: String
    /// Of the file that was claimed, so that only that one is archived; nil for a run of an older release.
    package let inode: UInt64?

    package init(
        name: String, path: String, sha256: String, byteCount: Int64, snapshotPath: String,
        inode: UInt64? = nil
    ) {
        self.name = name
        self.path = path
        self.sha256 = sha256
        self.byteCount = byteCount
        self.snapshotPath = snapshotPath
        self.inode = inode
    }
}

/// That an input is run once more.
package struct RunAgain: Hashable, Sendable {
    /// From 1; part of the keys, so that the gateway takes them for new ones.
    package let number: Int
    /// What `--again` said.
    package let why: String

    package init(number: Int, why: String) {
        self.number = number
        self.why = why
    }
}

/// What is written once when a run is made.
package struct NewRun: Sendable {
    /// `20261120T020001Z-nightly-cancellations-3fa9c1`.
    package let name: String
    /// The account's name in the config, for people.
    package let accountName: String
    package let identity: AccountIdentity
    /// nil for a file named by hand.
    package let job: String?
    package let input: InputRecord
    /// 16 characters; a row's idempotency key is `BASE-ROW-GENERATION`.
    package let keyBase: String
    package let rules: RunRules
    /// `user@host`, or what `--by` said.
    package let actor: String
    package let note: String?
    package let createdAt: WallTime
    /// nil for the first run of its input.
    package var again: RunAgain?

    package init(
        name: String, accountName: String, identity: AccountIdentity, job: String?, input: InputRecord,
        keyBase: String, rules: RunRules, actor: String, note: String?, createdAt: WallTime,
        again: RunAgain? = nil
    ) {
        self.name = name
        self.accountName = accountName
        self.identity = identity
        self.job = job
        self.input = input
        self.keyBase = keyBase
        self.rules = rules
        self.actor = actor
        self.note = note
        self.createdAt = createdAt
        self.again = again
    }
}

/// A run as the store has it.
package struct RunRecord: Hashable, Sendable {
    /// The store's own number.
    package let id: Int64
    package let name: String
    package var state: RunState
    package let accountName: String
    /// `AccountIdentity.text`.
    package let identity: String
    package let gateway: String
    package let job: String?
    package let input: InputRecord
    package let keyBase: String
    package let rules: RunRules
    package let actor: String
    package let note: String?
    package let createdAt: WallTime
    package var startedAt: WallTime?
    package var endedAt: WallTime?
    package var stoppedBy: StopReason?
    /// Rows of the input; 0 until imported.
    package var rows: Int
    /// Executions that worked on it so far.
    package var executions: Int
    /// HTTP calls ordered so far, over all executions.
    package var calls: CallCounts
    /// Of its report; from 1, raised by what `resolve` finds after a report was published. Histories answer as of
    /// this revision, so that an older report can be written again.
    package var revision: Int
    /// nil for the first run of its input.
    package let again: RunAgain?

    package init(
        id: Int64, name: String, state: RunState, accountName: String, identity: String, gateway: String,
        job: String?, input: InputRecord, keyBase: String, rules: RunRules, actor: String, note: String?,
        createdAt: WallTime, startedAt: WallTime?, endedAt: WallTime?, stoppedBy: StopReason?, rows: Int,
        executions: Int, calls: CallCounts, revision: Int = 1, again: RunAgain? = nil
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.accountName = accountName
        self.identity = identity
        self.gateway = gateway
        self.job = job
        self.input = input
        self.keyBase = keyBase
        self.rules = rules
        self.actor = actor
        self.note = note
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.stoppedBy = stoppedBy
        self.rows = rows
        self.executions = executions
        self.calls = calls
        self.revision = revision
        self.again = again
    }

    /// The run as its report of that revision shows it.
    package func at(revision: Int) -> RunRecord {
        var run = self
        run.revision = revision
        return run
    }
}

/// HTTP calls by kind; `retries` are money-changing calls beyond the first of their row.
package struct CallCounts: Hashable, Sendable {
    package var changes = 0
    package var reads = 0
    package var retries = 0

    package init() {}

    package init(changes: Int, reads: Int, retries: Int) {
        self.changes = changes
        self.reads = reads
        self.retries = retries
    }

    package static func + (left: CallCounts, right: CallCounts) -> CallCounts {
        CallCounts(
            changes: left.changes + right.changes, reads: left.reads + right.reads,
            retries: left.retries + right.retries)
    }
}
