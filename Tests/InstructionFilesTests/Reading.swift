import Instructions

@testable import InstructionFiles

/// A problem without its sentences.
struct Mark: Hashable, CustomStringConvertible {
    var code: String
    var row: Int?
    var line: Int?
    var column: String?

    init(_ code: String, _ row: Int?, _ line: Int?, _ column: String? = nil) {
        self.code = code
        self.row = row
        self.line = line
        self.column = column
    }

    init(_ problem: Problem) {
        self.init(problem.code, problem.row, problem.line, problem.column)
    }

    var description: String { "\(code) row \(row ?? -1) line \(line ?? -1) column \(column ?? "-")" }
}

struct Reading: Equatable {
    var findings: [InstructionReader.Finding] = []
    var summary = InstructionReader.Summary()

    var instructions: [Instruction] {
        findings.compactMap { if case .instruction(let instruction) = $0 { instruction } else { nil } }
    }
    var problems: [Problem] {
        findings.compactMap { if case .problem(let problem) = $0 { problem } else { nil } }
    }
    var marks: [Mark] { problems.map(Mark.init) }
}

func read(
    _ bytes: [UInt8], allowed: Set<Action> = [.cancel, .capture], options: ReadOptions = ReadOptions(),
    limits: RecordLimits = RecordLimits(), chunkBytes: Int = 1 << 16
) throws -> Reading {
    let file = try TemporaryFile(bytes)
    return try withExtendedLifetime(file) {
        var reader = try InstructionReader(
            path: file.path, allowedActions: allowed, options: options, limits: limits,
            chunkBytes: chunkBytes)
        var reading = Reading()
        while let finding = try reader.next() { reading.findings.append(finding) }
        reading.summary = reader.summary
        return reading
    }
}

func read(
    _ text: String, allowed: Set<Action> = [.cancel, .capture], options: ReadOptions = ReadOptions()
) throws -> Reading {
    try read(Array(text.utf8), allowed: allowed, options: options)
}
