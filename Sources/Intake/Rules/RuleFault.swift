import InstructionFiles
import Instructions

/// The stable codes of the rules over the whole file.
package enum RuleProblemCode: String, CaseIterable, Sendable {
    case duplicate
    case referenceDuplicate = "reference_duplicate"
    case conflict
}

/// What a row does to an earlier one, and how it is said.
enum RuleFault: Equatable {
    case duplicate(intentID: String, earlier: Int)
    case referenceDuplicate(reference: String, earlier: Int)
    case conflict(intentID: String, earlier: Int, earlierAction: Action)

    var code: RuleProblemCode {
        switch self {
        case .duplicate: .duplicate
        case .referenceDuplicate: .referenceDuplicate
        case .conflict: .conflict
        }
    }

    /// Where the problem is shown.
    var column: Column {
        switch self {
        case .duplicate, .conflict: .intentID
        case .referenceDuplicate: .reference
        }
    }

    var value: String {
        switch self {
        case .duplicate(let intentID, _), .conflict(let intentID, _, _): String(intentID.prefix(80))
        case .referenceDuplicate(let reference, _): reference
        }
    }

    var message: String {
        switch self {
        case .duplicate(_, let earlier): "The row asks for the same as row \(earlier)."
        case .referenceDuplicate(_, let earlier): "Row \(earlier) has the same reference."
        case .conflict(_, let earlier, let action):
            "Row \(earlier) asks for a whole \(action.rawValue) of the same intent."
        }
    }

    var mend: String {
        switch self {
        case .duplicate: "Remove one of the two; if both are meant, give each a reference of its own."
        case .referenceDuplicate: "Give each row a reference of its own."
        case .conflict: "Decide for one of the two and remove the other row."
        }
    }
}
