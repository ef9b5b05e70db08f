package import Instructions
import Yams

/// The main configuration, `intentbatch.yaml`.
package struct ConfigurationFile: Hashable, Sendable {
    /// The file's usual name, looked for in the places of `ConfigurationSearch`.
    package static let usualName = "intentbatch.yaml"

    /// Absolute.
    package let path: String
    package let defaultAccount: String?
    /// The state directory, absolute; nil when the file says none.
    package let state: String?
    /// In the order of the file; names are unique.
    package let accounts: [AccountSettings]

    /// Reads a file; relative paths in it belong to its folder. Throws all its problems at once.
    package static func read(
        path: String, profiles: [String: GatewayProfile]
    ) throws(ConfigurationError) -> ConfigurationFile {
        try parse(try YAMLText.read(path), path: path, profiles: profiles)
    }

    /// The same for a text, as if `path` contained it.
    package static func parse(
        _ text: String, path: String, profiles: [String: GatewayProfile]
    ) throws(ConfigurationError) -> ConfigurationFile {
        let problems = FileProblems(file: path)
        let absolute = PathText.absolute(path, in: PathText.workingDirectory())
        let folder = PathText.folder(of: absolute)
        let root = try YAMLText.root(of: text, file: path)
        let section = Section(
            root, named: Wording.configuration, at: nil, folder: folder, problems: problems)
        section?.check(Vocabulary(known: ["default-account", "state", "accounts"]))
        let names = section?.section("accounts")?.entries.map(\.key) ?? []
        let accounts = section.map { Self.accounts($0, profiles: profiles) } ?? []
        let state = section?.path("state")
        let defaultAccount = section?.text("default-account")
        if let section, let defaultAccount, !names.isEmpty, !names.contains(defaultAccount) {
            problems.add(
                Wording.unknownAccount(
                    defaultAccount, nearest: NearestName.of(defaultAccount, among: names), known: names),
                at: section.node("default-account")?.mark)
        }
        try problems.throwIfAny()
        return ConfigurationFile(
            path: absolute, defaultAccount: defaultAccount, state: state, accounts: accounts)
    }

    private static func accounts(
        _ root: Section, profiles: [String: GatewayProfile]
    ) -> [AccountSettings] {
        guard let section = root.section("accounts") else {
            if !root.has("accounts") {
                root.problems.add(Wording.missing("accounts", Wording.accountsNeeded), at: root.mark)
            }
            return []
        }
        if section.entries.isEmpty { root.problems.add(Wording.accountsNeeded, at: section.mark) }
        return section.entries.compactMap { entry in
            if !NameRule.accountNames.allows(entry.key) {
                root.problems.add(Wording.badName("account", NameRule.accountNames), at: entry.keyMark)
            }
            return AccountReading(
                name: entry.key, node: entry.value, mark: entry.keyMark, folder: root.folder,
                profiles: profiles, problems: root.problems
            )?.account(named: entry.key)
        }
    }

    /// The account to use: `--account`, else the job's, else `default-account`, else the only one.
    package func account(
        option: String?, job: JobFile?
    ) throws(ConfigurationError) -> AccountSettings {
        if let option { return try account(option, askedIn: nil, line: nil) }
        if let name = job?.account { return try account(name, askedIn: job?.path, line: job?.accountLine) }
        if let defaultAccount { return try account(defaultAccount, askedIn: path, line: nil) }
        if accounts.count == 1 { return accounts[0] }
        throw ConfigurationError(
            ConfigurationProblem(file: path, message: Wording.severalAccounts(accounts.map(\.name))))
    }

    private func account(
        _ name: String, askedIn file: String?, line: Int?
    ) throws(ConfigurationError) -> AccountSettings {
        if let account = accounts.first(where: { $0.name == name }) { return account }
        let known = accounts.map(\.name)
        let message = Wording.unknownAccount(
            name, nearest: NearestName.of(name, among: known), known: known)
        throw ConfigurationError(ConfigurationProblem(file: file, line: line, message: message))
    }
}

/// Which names are allowed, and how messages say it.
struct NameRule {
    let characters: String
    let words: String

    func allows(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.allSatisfy(characters.contains)
    }

    /// Job names become parts of run names and folders.
    static let jobNames = NameRule(
        characters: "abcdefghijklmnopqrstuvwxyz0123456789-_", words: "1 to 64 of a-z 0-9 - _")
    static let accountNames = NameRule(
        characters: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
        words: "1 to 64 of A-Z a-z 0-9 - _ .")
}
