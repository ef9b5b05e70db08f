import Yams

/// From YAML text to nodes with marks; what libYAML refuses becomes a problem with a line.
enum YAMLText {
    /// One MiB is far beyond any configuration written by people.
    static let byteLimit = 1 << 20

    static func read(_ path: String) throws(ConfigurationError) -> String {
        do {
            return try SmallFile.read(path, limit: byteLimit).text
        } catch {
            throw ConfigurationError(
                ConfigurationProblem(file: path, message: Wording.unreadable(error.reason)))
        }
    }

    static func root(of text: String, file: String) throws(ConfigurationError) -> Node {
        let problem: ConfigurationProblem
        do {
            // One byte order mark is allowed; libYAML takes none when it is told the encoding.
            let text =
                text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
            // It is told because Yams' default asks an environment variable and then prints to stdout.
            let node = try Parser(yaml: text, resolver: .default, constructor: .default, encoding: .utf8)
                .singleRoot()
            if let node { return node }
            problem = ConfigurationProblem(file: file, line: 1, message: Wording.emptyFile)
        } catch let error as YamlError {
            problem = Self.problem(error, text: text, file: file)
        } catch {
            problem = ConfigurationProblem(file: file, message: Wording.notYAML("\(error)"))
        }
        throw ConfigurationError(problem)
    }

    private static func problem(_ error: YamlError, text: String, file: String) -> ConfigurationProblem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let words = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            return ConfigurationProblem(
                file: file, line: mark.line, column: mark.column, message: Wording.notYAML(words))
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ConfigurationProblem(
                file: file, line: context.mark.line, column: context.mark.column,
                message: Wording.duplicateKeys(duplicates))
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
            return ConfigurationProblem(file: file, line: line, message: Wording.notYAML(problem))
        default:
            return ConfigurationProblem(file: file, message: Wording.notYAML("\(error)"))
        }
    }
}
