import InstructionFiles
package import Instructions
import Spool

/// The problems of a file, one after the other in its order: those of the whole file first, then row by row.
package protocol ProblemReader {
    mutating func next() throws -> Problem?
}

/// Problems that are at hand.
package struct ListedProblems: ProblemReader {
    private var rest: ArraySlice<Problem>

    package init(_ problems: [Problem]) { rest = problems[...] }

    package mutating func next() -> Problem? { rest.popFirst() }
}

/// `STEM.problems.csv.gz`: all problems of a file.
enum ProblemsFile {
    static let columns = ["severity", "code", "row", "line", "column", "value", "message", "mend"]

    /// Writes them to a file that the caller commits, and counts them by code.
    ///
    /// - Parameters:
    ///   - showsValues: false where a cell may hold what must not be written down.
    ///   - dialect: the input's; a spreadsheet that reads its delimiter reads this file too.
    static func write(
        _ problems: any ProblemReader, showsValues: Bool, like dialect: FileDialect, to file: PublishedFile
    ) throws -> ProblemTally {
        var problems = problems
        let packed = PackedFile(file)
        let writer = CSVWriter(delimiter: dialect.delimiter)
        var tally = ProblemTally()
        func append(_ cells: [String]) throws {
            var bytes: [UInt8] = []
            writer.append(cells.map { FormulaGuard.guarded(Array($0.utf8)) }, to: &bytes)
            try packed.append(bytes)
        }
        try append(columns)
        while let problem = try problems.next() {
            tally.add(problem)
            try append([
                problem.severity.rawValue, problem.code, problem.row.map(String.init) ?? "",
                problem.line.map(String.init) ?? "", problem.column ?? "",
                showsValues ? problem.value ?? "" : "", problem.message, problem.mend,
            ])
        }
        try packed.finish()
        return tally
    }
}
