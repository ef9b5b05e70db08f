/// What a trial found, counted by the gateway's own ledger.
package struct Tally: Equatable, Sendable {
    package var rows = 0
    /// Money-changing requests that reached the gateway.
    package var attempted = 0
    /// Requests of any kind that a fault of the script struck.
    package var struck = 0
    /// Effects that the gateway booked.
    package var applied = 0
    /// Rows without an outcome, and rows called applied whose effect the gateway does not have.
    package var lost = 0
    /// Effects beyond what the file asks for.
    package var duplicated = 0
    /// Rows with another outcome than they must have, effects that the report denies, amounts that differ.
    package var unexpected = 0
    /// Rows whose answer was lost and that are known all the same: by the stored answer or by reading.
    package var recovered = 0
    package var unconfirmed = 0
    /// The first findings in words.
    package var findings: [String] = []

    package init() {}

    package mutating func note(_ finding: String) {
        if findings.count < 12 { findings.append(finding) }
    }

    package mutating func add(_ other: Tally) {
        rows += other.rows
        attempted += other.attempted
        struck += other.struck
        applied += other.applied
        lost += other.lost
        duplicated += other.duplicated
        unexpected += other.unexpected
        recovered += other.recovered
        unconfirmed += other.unconfirmed
        for finding in other.findings { note(finding) }
    }
}
