package import Pacing

/// Who did what to a file or a run, and when. Entries are added and never changed.
package struct AuditEntry: Hashable, Sendable {
    /// The raw values are stored.
    package enum Event: String, Sendable, CaseIterable {
        /// A file became a run.
        case claimed
        /// A file was refused; it has no run.
        case refused
        /// It was looked up what a file would do.
        case planned
        /// An execution began.
        case started
        /// An execution ended before its run was finished.
        case stopped
        /// Every row has an outcome.
        case finished
        /// Unconfirmed rows were read again.
        case resolved
        /// What a person found out about a row was recorded.
        case recorded
        /// A person gave the run up.
        case abandoned
        /// A report was published, or written again.
        case reported
    }

    package let event: Event
    package let at: WallTime
    /// `user@host`, or what `--by` said.
    package let actor: String
    /// What `--note` said.
    package var note: String?
    /// The run's name; nil where the file has none.
    package var run: String?
    /// The path of the file, where one was named.
    package var file: String?
    package var sha256: String?
    /// What else there is to say, for people: rows, a reason, a folder.
    package var detail: String?
    /// Of the process that wrote it; set by the store.
    package var host = ""
    package var pid: Int32 = 0

    package init(_ event: Event, at: WallTime, actor: String, note: String? = nil, run: String? = nil) {
        self.event = event
        self.at = at
        self.actor = actor
        self.note = note
        self.run = run
    }
}
