import Instructions

/// A rule about the file as a whole, judged once every row was seen.
protocol FileRule {
    func faults(in tally: FileTally) -> [RuleFault]
}

/// What a file adds up to.
struct FileTally {
    /// Rows that are not blank, faulty ones included.
    let rows: Int
    /// Over the rows whose action and amount can be read, whatever else is wrong with them.
    let sums: [ActionSum]
}
