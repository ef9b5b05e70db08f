import Instructions
import Testing

@testable import Intake

@Suite struct ProblemSpoolTests {
    private func problem(_ row: Int?, code: String = "duplicate", value: String? = nil) -> Problem {
        Problem(
            code: code, severity: code == "blank_row" ? .warning : .error, row: row, line: row.map { $0 + 1 },
            column: row.map { $0 % 3 == 0 ? "amount" : "größe" }, value: value, message: "Row \(row ?? 0).",
            mend: "Mend it.")
    }

    private func all(_ log: ProblemLog) throws -> [Problem] {
        var source = try log.problems()
        var problems: [Problem] = []
        while let problem = try source.next() { problems.append(problem) }
        return problems
    }

    @Test("Problems come back as they were, from memory and from the file, any number of times")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        for count in [0, 1, 5_000, 50_000] {
            var spool = ProblemSpool(directory: directory.path)
            let problems = (0..<count).map { problem($0, value: $0 % 2 == 0 ? nil : "v\($0)\n") }
            for problem in problems { try spool.append(problem) }
            let log = ProblemLog(ofFile: [problem(nil)], streams: [spool.finish()])
            #expect(try all(log) == [problem(nil)] + problems)
            #expect(try all(log) == [problem(nil)] + problems)
        }
        #expect(directory.names(in: ".").isEmpty, "the file has no name")
    }

    @Test("Streams are joined by row, those of an earlier stream first")
    func merged() throws {
        let directory = try TemporaryDirectory()
        let streams = try [[(1, "a"), (2, "b"), (2, "c"), (4, "d")], [(1, "e"), (3, "f"), (4, "g")], []].map {
            var spool = ProblemSpool(directory: directory.path)
            for (row, code) in $0 { try spool.append(problem(row, code: code)) }
            return spool.finish()
        }
        #expect(try all(ProblemLog(ofFile: [], streams: streams)).map(\.code).joined() == "aebcfdg")
    }

    @Test("The bad rows of a file come once each, with their first error")
    func badRows() throws {
        let directory = try TemporaryDirectory()
        var spool = ProblemSpool(directory: directory.path)
        for (row, code) in [(1, "blank_row"), (2, "a"), (2, "b"), (3, "blank_row"), (3, "c")] {
            try spool.append(problem(row, code: code))
        }
        var rows = try ProblemLog(ofFile: [problem(nil)], streams: [spool.finish()]).badRows()
        var found: [String] = []
        while let problem = try rows.next() { found.append("\(problem.row ?? 0)\(problem.code)") }
        #expect(found == ["2a", "3c"])
    }
}
