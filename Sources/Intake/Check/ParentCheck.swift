import InstructionFiles
import Instructions
import Runs

/// Compares the ids of a file that was handed in again with those of the rows that it comes from: where a
/// spreadsheet damaged one, the store still knows what it was.
///
/// A file whose rows do not say where they come from is not read beyond its header (CSV), or once (NDJSON).
struct ParentCheck {
    /// Rows whose parents are looked up at a time.
    private static let batchRows = 500
    /// Runs that are remembered at a time.
    private static let runLimit = 100

    private struct Row {
        let row: Int
        let line: Int?
        let column: String
        let text: String
        let lineage: Lineage
    }

    private let history: any RunHistory
    private let rules: CheckRules
    private var runs: [String: RunRecord?] = [:]
    private var batch: [Row] = []
    private var spool: ProblemSpool
    /// A row may have come twice: with its problem, and as a faulty row.
    private var lastRow = 0

    init(history: any RunHistory, rules: CheckRules, temporaryDirectory: String) {
        self.history = history
        self.rules = rules
        spool = ProblemSpool(directory: temporaryDirectory)
    }

    /// The damaged ids as problems, by row. Throws `FileReadError`, `IntakeError`, `RunStoreError`.
    consuming func problems(path: String) async throws -> SpooledProblems {
        guard try Self.mayHaveParents(path, rules.reading) else { return spool.finish() }
        var reader = try InstructionReader(
            path: path, allowedActions: rules.allowedActions, options: rules.reading)
        while let finding = try reader.next() {
            guard let lineage = reader.lineage else { continue }
            let column = reader.title(of: .intentID)
            switch finding {
            case .instruction(let row):
                batch.append(
                    Row(
                        row: row.row, line: row.line, column: column, text: row.intentID, lineage: lineage))
            case .problem(let problem):
                // An id that is none any more, such as 1.01241E+18.
                guard let row = problem.row, problem.column == column, let text = problem.value else {
                    continue
                }
                batch.append(
                    Row(row: row, line: problem.line, column: column, text: text, lineage: lineage))
            case .faulty(let row):
                guard let text = row.intentID else { continue }
                batch.append(Row(row: row.row, line: row.line, column: column, text: text, lineage: lineage))
            case .damage: continue
            }
            if batch.count >= Self.batchRows { try await flush() }
        }
        try await flush()
        return spool.finish()
    }

    private static func mayHaveParents(_ path: String, _ options: ReadOptions) throws -> Bool {
        var records = try RecordReader(path: path, options: options)
        guard records.dialect.format == .csv else { return true }
        // What is wrong with the header is the check's to say.
        guard (try? records.next()) != nil else { return false }
        return records.hasLineage
    }

    private mutating func flush() async throws {
        let rows = batch
        batch.removeAll(keepingCapacity: true)
        var known: [String: [Int: String]] = [:]
        for (name, children) in Dictionary(grouping: rows, by: \.lineage.run) {
            guard let run = try await run(name) else { continue }
            known[name] = try await history.intentIDs(of: run, rows: children.map(\.lineage.row))
        }
        for row in rows where row.row != lastRow {
            guard let original = known[row.lineage.run]?[row.lineage.row],
                let code = RestoredID.damage(of: original, into: row.text)
            else { continue }
            lastRow = row.row
            let origin = "row \(row.lineage.row) of \(row.lineage.run)"
            try spool.append(
                Problem(
                    code: code.rawValue, row: row.row, line: row.line, column: row.column, value: row.text,
                    message: "A spreadsheet changed the id that \(origin) has.",
                    mend: "Write \(original), the id of \(origin), into a cell formatted as text."))
        }
    }

    /// nil where the store has no run of exactly that name, as of a refused file.
    private mutating func run(_ name: String) async throws -> RunRecord? {
        if let known = runs[name] { return known }
        if runs.count >= Self.runLimit { runs.removeAll() }
        var found: RunRecord?
        do {
            found = try await history.run(named: name)
        } catch let error as RunStoreError where error.code == .noSuchRun || error.code == .ambiguousName {
            found = nil
        }
        let exact = found?.name == name ? found : nil
        runs.updateValue(exact, forKey: name)
        return exact
    }
}
