/// Where one credential of an account comes from.
package enum Credential: Hashable, Sendable {
    /// Written in the file: only what is no secret.
    case text(String)
    /// The name of an environment variable.
    case environment(String)
    /// An absolute path; line ends at its end do not count.
    case file(String)

    /// A secret is a line; more than this is no key.
    static let byteLimit = 16 * 1024

    /// The value as it is put into a header.
    package struct Resolved: Hashable, Sendable {
        package let value: String
        /// What is doubtful about the place it came from.
        package let warning: String?
    }

    /// Reads the environment or the file. `name` is the credential's key, for messages; those never show the
    /// value.
    package func resolve(
        name: String, environment: [String: String]
    ) throws(ConfigurationError) -> Resolved {
        switch self {
        case .text(let text):
            return Resolved(value: text, warning: nil)
        case .environment(let variable):
            guard let value = environment[variable], !value.isEmpty else {
                throw Self.error(nil, Wording.variableNotSet(variable, credential: name))
            }
            guard Self.isHeaderText(value) else {
                throw Self.error(nil, Wording.secretNotText("environment variable \(variable)"))
            }
            return Resolved(value: value, warning: nil)
        case .file(let path):
            return try Self.resolve(file: path, name: name)
        }
    }

    private static func resolve(file path: String, name: String) throws(ConfigurationError) -> Resolved {
        let file: SmallFile
        do {
            file = try SmallFile.read(path, limit: byteLimit)
        } catch {
            throw Self.error(path, Wording.secretUnreadable(name, error.reason))
        }
        var value = Substring(file.text)
        while let last = value.last, last.isNewline { value.removeLast() }
        guard !value.isEmpty else { throw Self.error(path, Wording.secretEmpty(name)) }
        guard isHeaderText(String(value)) else {
            throw Self.error(path, Wording.secretNotText("this file"))
        }
        let warning = file.mode & 0o044 == 0 ? nil : Wording.secretReadable(path, mode: file.mode)
        return Resolved(value: String(value), warning: warning)
    }

    /// Printable ASCII without a space at either end: what a header carries unchanged (RFC 9110, 5.5).
    static func isHeaderText(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
    }

    private static func error(_ file: String?, _ message: String) -> ConfigurationError {
        ConfigurationError(ConfigurationProblem(file: file, message: message))
    }
}
