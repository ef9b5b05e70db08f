import InstructionFiles
package import Instructions

/// Every problem of a checked file, in memory that does not grow with their number. Its temporary files last
/// as long as a copy of it.
package struct ProblemLog: Sendable {
    /// Those of the file as a whole and of its header.
    let ofFile: [Problem]
    /// Each in the order of rows; of one row those of an earlier stream come first.
    let streams: [SpooledProblems]
    /// How many of the first streams know better than the others what is wrong with an id.
    var leading = 0

    /// From the first problem on. Throws `IntakeError` when a temporary file cannot be read.
    package func problems() throws -> ProblemSource { try ProblemSource(self) }

    /// From the first row on that has an error. Throws as `problems` does.
    package func badRows() throws -> BadRows { BadRows(problems: try problems()) }
}

/// All problems of a file, one after the other: those of the file as a whole first, then by row.
package struct ProblemSource {
    private let ofFile: [Problem]
    private var place = 0
    private var readers: [SpoolReader]
    private let leading: Int
    /// The row of the last problem of a leading stream.
    private var ledRow: Int?

    /// What a leading stream says of an id in the place of these.
    private static let idCodes = Set(
        [FileProblemCode.idRounded, .idScientific, .zerosLost, .intentIDInvalid].map(\.rawValue))

    init(_ log: ProblemLog) throws {
        ofFile = log.ofFile
        leading = log.leading
        readers = try log.streams.map { try SpoolReader($0) }
    }

    /// nil after the last one. Throws `IntakeError` when a temporary file cannot be read.
    package mutating func next() throws -> Problem? {
        if place < ofFile.count {
            place += 1
            return ofFile[place - 1]
        }
        while let nearest = nearest {
            try readers[nearest.index].advance()
            let problem = nearest.problem
            if nearest.index < leading {
                ledRow = problem.row
            } else if problem.row == ledRow, ledRow != nil, Self.idCodes.contains(problem.code) {
                continue
            }
            return problem
        }
        return nil
    }

    private var nearest: (index: Int, problem: Problem)? {
        var nearest: (index: Int, problem: Problem)?
        for (index, reader) in readers.enumerated() {
            guard let problem = reader.current else { continue }
            if let found = nearest, (found.problem.row ?? 0) <= (problem.row ?? 0) { continue }
            nearest = (index, problem)
        }
        return nearest
    }
}

/// The rows of a file that have an error, in their order, each with its first one.
package struct BadRows {
    private var problems: ProblemSource
    private var lastRow = 0

    init(problems: ProblemSource) { self.problems = problems }

    /// The first error of the next bad row; nil after the last one. Throws as `ProblemSource.next` does.
    package mutating func next() throws -> Problem? {
        while let problem = try problems.next() {
            guard problem.severity == .error, let row = problem.row, row != lastRow else { continue }
            lastRow = row
            return problem
        }
        return nil
    }
}
