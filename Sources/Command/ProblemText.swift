import Instructions
import Intake
import JSON

/// Problems of a file for people and programs.
enum ProblemText {
    /// `samples/mistakes.csv:5: row 4, column amount: amount_invalid: … ("12,50"). Mend: …`
    static func line(_ problem: Problem, file: String) -> String {
        let place = [
            problem.row.map { "row \($0)" }, problem.column.map { "column \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
        let value = problem.value.flatMap { $0.isEmpty ? nil : " Value: \"\($0)\"." } ?? ""
        let start = "\(file)\(problem.line.map { ":\($0)" } ?? ""): \(place.isEmpty ? "" : place + ": ")"
        let (severity, code) = (problem.severity.rawValue, problem.code)
        return "\(start)\(severity) \(code): \(problem.message)\(value) Mend: \(problem.mend)"
    }

    static func lines(_ check: CheckResult, file: String) -> [String] {
        var lines = check.problems.map { line($0, file: file) }
        let unlisted = check.errorCount + check.warningCount - check.problems.count
        if unlisted > 0 { lines.append("\(file): \(unlisted) further problems are not listed") }
        let rows = counted(check.rows, "row")
        lines.append("\(file): \(rows), \(verdict(check))")
        return lines
    }

    private static func verdict(_ check: CheckResult) -> String {
        let warnings = counted(check.warningCount, "warning")
        guard check.errorCount > 0 else {
            return "no errors" + (check.warningCount > 0 ? ", \(warnings)" : "")
        }
        let errors = "\(counted(check.errorCount, "error")), \(warnings)"
        guard !check.isRefused else { return "\(errors); nothing is sent" }
        return
            "\(errors); \(check.badRows) bad row\(check.badRows == 1 ? " is" : "s are") rejected, the rest runs"
    }

    static func json(_ check: CheckResult, file: String) -> JSONObject {
        JSONObject([
            "file": .string(file), "rows": .number("\(check.rows)"), "errors": .number("\(check.errorCount)"),
            "warnings": .number("\(check.warningCount)"), "bad_rows": .number("\(check.badRows)"),
            "refused": .bool(check.isRefused),
            "problems": .array(check.problems.map(json)),
        ])
    }

    static func json(_ problem: Problem) -> JSONValue {
        [
            "code": .string(problem.code), "severity": .string(problem.severity.rawValue),
            "row": .orNull(problem.row), "line": .orNull(problem.line), "column": .orNull(problem.column),
            "value": .orNull(problem.value), "message": .string(problem.message),
            "mend": .string(problem.mend),
        ]
    }
}
