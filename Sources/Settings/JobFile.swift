package import Instructions
package import Pacing
import Yams

/// A job file: what is run regularly, and how.
///
/// Options that are nil were not written; their defaults are those of the run's rules.
package struct JobFile: Hashable, Sendable {
    package enum OnInvalid: String, Sendable, CaseIterable {
        case refuse, skip
    }

    /// What a job without an input file ends with.
    package enum WhenEmpty: String, Sendable, CaseIterable {
        case ok, fail
    }

    package enum Preflight: String, Sendable, CaseIterable {
        case always, never
    }

    /// As the caller named it.
    package let path: String
    /// `job:`, part of the run's name.
    package let name: String
    /// Absolute path of the input; its last part may have wildcards, each match is a run.
    package let input: String
    package let whenEmpty: WhenEmpty
    package let account: String?
    /// The line of `account:`, for the message that no such account is configured.
    package let accountLine: Int?
    /// nil when the job allows both.
    package let actions: Set<Action>?
    package let onInvalid: OnInvalid?
    package let maximum: JobMaximum
    package let tolerance: JobTolerance
    /// Whether a file without control totals waits for them.
    package let needsTotals: Bool
    /// Columns that are not searched for card numbers, as the job writes them.
    package let columnsWithoutCards: [String]
    package let preflight: Preflight?
    package let pendingWait: Duration?
    /// Sends of one row at most.
    package let attempts: Int?
    package let firstBackoff: Duration?
    package let longestBackoff: Duration?
    /// The share of the rows whose calls may be repeated after an ambiguous answer, in millionths.
    package let retryBudgetPartsPerMillion: Int?
    package let outageWait: Duration?
    /// How late a lost request may still take effect.
    package let lateBound: Duration?
    /// When the run stops itself because too many rows go wrong; nil for never.
    package let stopWhen: FailureLimit?
    /// How long one execution may last.
    package let deadline: Duration?
    /// How long answers in flight are awaited after any stop.
    package let drain: Duration
    /// Absolute path of the folder that reports go to.
    package let reports: String?
    /// How the input is to be read.
    package let reading: ReadOptions
    /// Absolute path of the folder that inputs are moved to; nil leaves them where they are.
    package let archive: String?

    /// The default of `drain`, also for files named by hand.
    package static let defaultDrain = Duration.seconds(10)

    private static let vocabulary = Vocabulary(
        known: [
            "job", "input", "account", "actions", "on-invalid", "max", "totals", "card-check", "preflight",
            "pending-wait", "retry", "outage-wait", "late-bound", "stop-when", "deadline", "drain", "reports",
            "encoding", "decimal", "delimiter", "columns", "defaults", "blank-amount", "archive",
            "when-empty",
            "tolerate",
        ])

    /// Reads a file; relative paths in it belong to its folder. Throws all its problems at once.
    package static func read(path: String) throws(ConfigurationError) -> JobFile {
        try parse(try YAMLText.read(path), path: path)
    }

    /// The same for a text, as if `path` contained it.
    package static func parse(_ text: String, path: String) throws(ConfigurationError) -> JobFile {
        let problems = FileProblems(file: path)
        let absolute = PathText.absolute(path, in: PathText.workingDirectory())
        let root = try YAMLText.root(of: text, file: path)
        let section = Section(
            root, named: Wording.job, at: nil, folder: PathText.folder(of: absolute), problems: problems)
        section?.check(vocabulary)
        let job = section.flatMap { Self.job($0, path: path) }
        try problems.throwIfAny()
        guard let job else { preconditionFailure("a job file was refused without a problem") }
        return job
    }

    private static func job(_ section: Section, path: String) -> JobFile? {
        let name = name(section)
        let input = input(section)
        let actions = actions(section)
        let retry = section.section(
            "retry",
            Vocabulary(known: ["attempts", "first", "max", "budget"]))
        let first = retry?.duration("first", in: .milliseconds(1) ... .seconds(600))
        let longest = retry?.duration("max", in: .milliseconds(1) ... .seconds(3600))
        if let retry, let first, first > longest ?? .seconds(60) {
            retry.problems.add(Wording.firstBeyondMax, at: retry.node("first")?.mark)
        }
        let job = JobFile(
            path: path, name: name ?? "", input: input ?? "", whenEmpty: whenEmpty(section),
            account: section.text("account"),
            accountLine: section.node("account")?.mark?.line, actions: actions,
            onInvalid: section.choice("on-invalid", of: OnInvalid.allCases.map(\.rawValue))
                .flatMap(OnInvalid.init),
            maximum: JobMaximum(section), tolerance: JobTolerance(section),
            needsTotals: section.choice("totals", of: ["optional", "required"]) == "required",
            columnsWithoutCards: columnsWithoutCards(section),
            preflight: preflight(section, actions: actions),
            pendingWait: section.duration("pending-wait", in: .zero ... .seconds(24 * 3600)),
            attempts: retry?.integer("attempts", in: 1...100), firstBackoff: first, longestBackoff: longest,
            retryBudgetPartsPerMillion: retry?.partsPerMillion("budget"),
            outageWait: section.duration("outage-wait", in: .zero ... .seconds(7 * 24 * 3600)),
            lateBound: section.duration("late-bound", in: .seconds(60) ... .seconds(30 * 24 * 3600)),
            stopWhen: stopWhen(section),
            deadline: section.duration("deadline", in: .seconds(1) ... .seconds(30 * 24 * 3600)),
            drain: section.duration("drain", in: .zero ... .seconds(600)) ?? defaultDrain,
            reports: section.path("reports"), reading: reading(section), archive: section.path("archive"))
        return name == nil || input == nil ? nil : job
    }

    private static func stopWhen(_ section: Section) -> FailureLimit? {
        let keys = section.section("stop-when", Vocabulary(known: ["failures", "after", "consecutive"]))
        guard let keys else { return nil }
        let share = keys.partsPerMillion("failures")
        let consecutive = keys.integer("consecutive", in: 1...1_000_000)
        if !keys.has("failures"), !keys.has("consecutive") {
            keys.problems.add(Wording.stopWhenEmpty, at: section.node("stop-when")?.mark)
        }
        return FailureLimit(
            partsPerMillion: share, after: keys.integer("after", in: 1...1_000_000_000) ?? 200,
            consecutive: consecutive)
    }

    private static func name(_ section: Section) -> String? {
        guard let name = section.requiredText("job", Wording.jobNeeded) else { return nil }
        guard NameRule.jobNames.allows(name) else {
            section.problems.add(Wording.badName("job", NameRule.jobNames), at: section.node("job")?.mark)
            return nil
        }
        return name
    }

    private static func input(_ section: Section) -> String? {
        if !section.has("input") {
            section.problems.add(Wording.missing("input", Wording.inputNeeded), at: section.mark)
        }
        guard let path = section.path("input") else { return nil }
        guard !PathText.folder(of: path).contains(where: "*?[".contains) else {
            section.problems.add(Wording.folderPattern, at: section.node("input")?.mark)
            return nil
        }
        return path
    }

    private static func whenEmpty(_ section: Section) -> WhenEmpty {
        section.choice("when-empty", of: WhenEmpty.allCases.map(\.rawValue)).flatMap(WhenEmpty.init) ?? .ok
    }

    private static func actions(_ section: Section) -> Set<Action>? {
        guard let nodes = section.list("actions", example: "[cancel]") else { return nil }
        let choices = Action.allCases.map(\.rawValue)
        var actions: Set<Action> = []
        for node in nodes {
            guard let text = section.text(of: node, key: "actions") else { continue }
            guard let action = Action(rawValue: text) else {
                section.problems.add(
                    Wording.badChoice(
                        "actions", text, nearest: NearestName.of(text, among: choices), choices: choices),
                    at: node.mark)
                continue
            }
            actions.insert(action)
        }
        return actions
    }

    private static func preflight(_ section: Section, actions: Set<Action>?) -> Preflight? {
        let choices = Preflight.allCases.map(\.rawValue)
        guard let preflight = section.choice("preflight", of: choices).flatMap(Preflight.init) else {
            return nil
        }
        if preflight == .never, actions != [.cancel] {
            section.problems.add(Wording.preflightNever, at: section.node("preflight")?.mark)
        }
        return preflight
    }

    private static func columnsWithoutCards(_ section: Section) -> [String] {
        let check = section.section("card-check", Vocabulary(known: ["except"]))
        let nodes = check?.list("except", example: "[order_no]") ?? []
        return nodes.compactMap { check?.text(of: $0, key: "except") }
    }
}
