import InstructionFiles
import Instructions
import Runs

/// The rows of a refused file by action, currency and outcome.
struct RefusedSums {
    let sums: [OutcomeSum]

    private struct Group: Hashable {
        /// nil where it cannot be read.
        let action: Action?
        let currency: Currency?
        let outcome: Outcome
    }

    /// Amounts of one file may leave 64 bits; it is refused for that.
    private typealias Sums = [Group: (rows: Int, asked: Int128)]

    /// - Parameters:
    ///   - reader: nil where the content must not be read.
    ///   - rows: all rows of the file that are not blank.
    ///   - problems: gives the file's problems in order, each time anew.
    init(
        _ reader: InstructionReader?, rows: Int, problems: () throws -> any ProblemReader
    ) throws {
        var reader = reader
        var verdicts = try RefusedVerdicts(problems())
        var groups: Sums = [:]
        while let finding = try reader?.next() {
            let row: FaultyRow
            switch finding {
            case .instruction(let instruction): row = FaultyRow(instruction)
            case .faulty(let faulty): row = faulty
            case .problem, .damage: continue
            }
            let outcome = try verdicts.verdict(on: row.row).outcome
            Self.add(row.action, row.requested, outcome, rows: 1, to: &groups)
        }
        let read = groups.values.reduce(0) { $0 + $1.rows }
        let readRejected = groups.filter { $0.key.outcome == .rejected }.values.reduce(0) { $0 + $1.rows }
        // Under a faulty header, and where the structure is broken, rows are not read at all.
        let rejected = max(0, try Self.faultyRows(problems()) - readRejected)
        Self.add(nil, nil, .rejected, rows: rejected, to: &groups)
        Self.add(nil, nil, .notSent, rows: max(0, rows - read - rejected), to: &groups)
        sums = groups.map { group, sum in
            OutcomeSum(
                action: group.action, currency: group.currency, outcome: group.outcome, rows: sum.rows,
                asked: Int64(clamping: sum.asked), applied: 0)
        }
    }

    private static func add(
        _ action: Action?, _ requested: RequestedAmount?, _ outcome: Outcome, rows: Int, to groups: inout Sums
    ) {
        guard rows > 0 else { return }
        var amount: Money?
        if case .exactly(let money) = requested { amount = money }
        let group = Group(action: action, currency: amount?.currency, outcome: outcome)
        let sum = groups[group, default: (0, 0)]
        groups[group] = (sum.rows + rows, sum.asked + Int128(amount?.minorUnits ?? 0))
    }

    private static func faultyRows(_ problems: any ProblemReader) throws -> Int {
        var problems = problems
        var (count, last) = (0, 0)
        while let problem = try problems.next() {
            guard problem.severity == .error, let row = problem.row, row > last else { continue }
            count += 1
            last = row
        }
        return count
    }
}
