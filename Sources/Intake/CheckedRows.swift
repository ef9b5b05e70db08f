import InstructionFiles
package import Instructions
import Runs

extension CheckedInput {
    /// The rows of the snapshot, as an import would take them. Throws `FileReadError`, `IntakeError`.
    package func rows() throws -> CheckedRows {
        let reader = try InstructionReader(
            path: input.snapshotPath, allowedActions: request.checkRules.allowedActions,
            options: request.rules.reading)
        return CheckedRows(source: try RowsToImport(reader, log: check.log, name: input.name))
    }
}

/// Reads the rows of a checked input in file order.
package struct CheckedRows {
    package enum Row: Sendable {
        case good(Instruction)
        /// Rejected by the check of the file.
        case bad(FaultyRow)
    }

    private var source: RowsToImport

    init(source: RowsToImport) { self.source = source }

    /// Empty at the end. Throws `FileReadError`, `IntakeError`, `CancellationError`.
    package mutating func next(upTo limit: Int) throws -> [Row] {
        try Task.checkCancellation()
        var rows: [Row] = []
        while rows.count < limit, let next = try source.next() {
            switch next {
            case .good(let row): rows.append(.good(row))
            case .bad(let rejected): rows.append(.bad(rejected.row))
            }
        }
        return rows
    }
}
