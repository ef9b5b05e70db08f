import InstructionFiles
import Instructions

/// What the report of a refused file may hold, by what is wrong in it.
struct RefusedForm {
    /// Whether the content may be read and shown: never where it holds a card number. Its private copy is gone.
    let showsContent: Bool
    /// Whether the rows are given back to be handed in again.
    let hasResubmit: Bool
    /// Why not, for people.
    let warning: String?

    init(_ problems: ProblemTally) {
        let codes = problems.entries.filter { $0.severity == .error }
            .compactMap { FileProblemCode(rawValue: $0.code) }
        showsContent = !codes.contains(.cardNumber)
        if !showsContent {
            hasResubmit = false
            warning = "The file holds card numbers: its private copy is deleted and no row is given back."
        } else if codes.contains(where: \.refusesFile) || codes.contains(.fileEmpty) {
            // Where a record may be missing or in pieces, a copy would lose a row.
            hasResubmit = false
            warning =
                "The file breaks off or its rows cannot be told apart, so no row is given back: "
                + "mend the file itself and hand it in again."
        } else {
            hasResubmit = true
            warning = nil
        }
    }
}
