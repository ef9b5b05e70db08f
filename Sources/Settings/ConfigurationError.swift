/// One thing that is wrong in a configuration or job file, or with what it names.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The file as the caller named it; nil where no file is to blame.
    package let file: String?
    /// From 1; nil for a problem of the whole file.
    package let line: Int?
    /// In characters, from 1.
    package let column: Int?
    /// What is wrong and how to mend it. Never contains a secret.
    package let message: String

    package init(file: String?, line: Int? = nil, column: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `intentbatch.yaml:12:5: unknown key …`
    package var description: String {
        guard let file else { return message }
        let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
        return "\(file)\(place): \(message)"
    }
}

/// Every problem of one file, in the order of its lines; exit code 78.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty.
    package let problems: [ConfigurationProblem]

    package init(problems: [ConfigurationProblem]) {
        precondition(!problems.isEmpty, "a configuration error without a problem")
        self.problems = problems
    }

    package init(_ problem: ConfigurationProblem) { self.init(problems: [problem]) }

    /// One line per problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
