import Yams

/// What is wrong in one file while it is read. One reading owns it.
final class FileProblems {
    /// As the caller named the file.
    let file: String
    private var found: [ConfigurationProblem] = []

    init(file: String) { self.file = file }

    func add(_ message: String, at mark: Mark?) {
        found.append(
            ConfigurationProblem(file: file, line: mark?.line, column: mark?.column, message: message))
    }

    /// Throws all that was added, in the order of the lines.
    func throwIfAny() throws(ConfigurationError) {
        guard !found.isEmpty else { return }
        let inOrder = found.enumerated().sorted { left, right in
            let leftPlace = (left.element.line ?? 0, left.element.column ?? 0, left.offset)
            let rightPlace = (right.element.line ?? 0, right.element.column ?? 0, right.offset)
            return leftPlace < rightPlace
        }
        throw ConfigurationError(problems: inOrder.map(\.element))
    }
}
