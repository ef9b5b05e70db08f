import Trials

/// One kind of harm that is done to the real binary.
struct Experiment: Sendable {
    let name: String
    let says: String
    var isQuick = true
    let measure: @Sendable (Bench) async throws -> Measured

    static let gateways = ["useepay", "mangopay"]

    /// In the order in which they are made.
    static let all: [Experiment] =
        Kills.experiments + ScriptedFaults.experiments + Races.experiments + Files.experiments
        + Stops.experiments + Disks.experiments + Stores.experiments
        + OrderAudit.experiments + SystemCalls.experiments + Quotas.experiments
}

/// What an experiment found, and how much of it there was.
struct Measured: Sendable {
    var tally: Tally
    /// Such as `200 kills over 20000 rows`.
    var detail: String
    /// Why it was left out.
    var skipped: String?

    init(_ tally: Tally, _ detail: String) {
        self.tally = tally
        self.detail = detail
    }

    static func skipped(_ reason: String) -> Measured {
        var measured = Measured(Tally(), "")
        measured.skipped = reason
        return measured
    }
}
