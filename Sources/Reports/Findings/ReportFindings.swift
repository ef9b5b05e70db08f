/// What is found out while the files of a report are written, beyond the store's counters.
package struct ReportFindings: Hashable, Sendable {
    /// A file for the rows that may be handed in again.
    package struct Resubmit: Hashable, Sendable {
        package let file: String
        package let rows: Int
    }

    package var problems = ProblemTally()
    /// nil when no such file was written: the input itself has to be mended.
    package var resubmit: Resubmit?
    package var parents = ParentTally()
    /// nil when no execution ever began.
    package var calls: CallTimeline?

    package init() {}
}
