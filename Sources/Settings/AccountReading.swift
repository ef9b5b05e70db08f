import Instructions
import Yams

/// What an account at a gateway needs so that it can be called.
struct GatewayRequirements {
    /// All credentials, every one needed.
    let credentials: [String]
    /// Those that are never written in plain text.
    let secrets: Set<String>
    /// Where it is called unless the account says otherwise; nil where the account must say.
    var defaultBaseURL: String?

    /// A gateway that is built has a line here.
    static let byGateway = [
        "useepay": GatewayRequirements(
            credentials: ["merchant-no", "app-id", "api-key"], secrets: ["api-key"]),
        "mangopay": GatewayRequirements(
            credentials: ["client-id", "api-key"], secrets: ["api-key"],
            defaultBaseURL: "https://api.mangopay.com"),
    ]
}

/// Reads one account.
struct AccountReading {
    private static let vocabulary = Vocabulary(
        known: [
            "gateway", "base-url", "credentials", "sandbox", "limits", "reserve", "concurrency", "timeout",
            "assume", "key-lifetime", "external-data",
        ])

    let section: Section
    let profiles: [String: GatewayProfile]

    init?(
        name: String, node: Node, mark: Mark?, folder: String, profiles: [String: GatewayProfile],
        problems: FileProblems
    ) {
        guard
            let section = Section(node, named: name, at: mark, folder: folder, problems: problems)
        else { return nil }
        section.check(Self.vocabulary)
        self.section = section
        self.profiles = profiles
    }

    /// nil when the gateway is unknown; otherwise what could be read, with a problem for whatever could not.
    func account(named name: String) -> AccountSettings? {
        guard let gateway = gateway(), let profile = profiles[gateway] else { return nil }
        var account = AccountSettings(name: name, gateway: gateway, line: section.mark?.line ?? 1)
        if section.has("sandbox") {
            account.sandbox = sandbox()
            for key in ["base-url", "credentials"] where section.has(key) {
                section.problems.add(Wording.sandboxAnd(key), at: section.keyMark(key))
            }
        } else {
            account.baseURL = baseURL(gateway)
            account.credentials = credentials(gateway)
        }
        account.limits = limits(profile)
        account.reservePartsPerMillion = reserve()
        account.concurrency = section.integer("concurrency", in: 1...1024) ?? account.concurrency
        account.timeout =
            section.duration("timeout", in: .milliseconds(100) ... .seconds(600)) ?? account.timeout
        account.assume = assume(profile)
        account.keyLifetime = only(profile.keyLifetime != nil, "key-lifetime", gateway) {
            section.duration("key-lifetime", in: .seconds(3600) ... .seconds(30 * 86_400))
        }
        account.needsExternalData =
            only(profile.partialCapture == .byLineItems, "external-data", gateway) {
                section.choice("external-data", of: ["optional", "required"])
            } == "required"
        return account
    }

    /// A key that only some gateways have.
    private func only<Value>(
        _ isKnown: Bool, _ key: String, _ gateway: String, _ value: () -> Value?
    ) -> Value? {
        guard section.has(key) else { return nil }
        if isKnown { return value() }
        section.problems.add(Wording.notAtGateway(key, gateway), at: section.keyMark(key))
        return nil
    }

    private func gateway() -> String? {
        let built = profiles.keys.sorted()
        guard let text = section.requiredText("gateway", Wording.gatewayNeeded(built)) else { return nil }
        if profiles[text] != nil { return text }
        let mark = section.node("gateway")?.mark
        section.problems.add(
            Wording.badChoice(
                "gateway", text, nearest: NearestName.of(text, among: built), choices: built), at: mark)
        return nil
    }

    private func sandbox() -> SandboxSettings? {
        guard let sandbox = section.section("sandbox", Vocabulary(known: ["intents", "faults"])) else {
            return nil
        }
        if !sandbox.has("intents") {
            sandbox.problems.add(Wording.missing("intents", Wording.intentsNeeded), at: sandbox.mark)
        }
        let faults = sandbox.path("faults")
        guard let intents = sandbox.path("intents") else { return nil }
        return SandboxSettings(intents: intents, faults: faults)
    }

    private func baseURL(_ gateway: String) -> String? {
        if !section.has("base-url"), let url = GatewayRequirements.byGateway[gateway]?.defaultBaseURL {
            return url
        }
        guard let text = section.requiredText("base-url", Wording.baseURLNeeded) else { return nil }
        switch BaseURL.parse(text) {
        case .success(let url): return url
        case .failure(let fault):
            section.problems.add(Wording.badBaseURL(fault), at: section.node("base-url")?.mark)
            return nil
        }
    }

    private func limits(_ profile: GatewayProfile) -> [RateLimit]? {
        guard let nodes = section.list("limits", example: "[5/1s]") else { return nil }
        let limits = nodes.compactMap(limit)
        return limits
    }

    private func reserve() -> Int {
        guard let share = section.partsPerMillion("reserve") else { return 0 }
        if share < 1_000_000 { return share }
        section.problems.add(Wording.wholeReserve, at: section.node("reserve")?.mark)
        return 0
    }

    private func limit(_ node: Node) -> RateLimit? {
        guard let text = section.text(of: node, key: "limits") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let calls = Int(parts[0]), (1...1_000_000_000).contains(calls)
        else {
            section.problems.add(Wording.badLimit(text), at: node.mark)
            return nil
        }
        switch DurationText.parse(String(parts[1])) {
        case .failure(let fault):
            section.problems.add(Wording.badDuration("limits", String(parts[1]), fault), at: node.mark)
            return nil
        case .success(let window):
            guard window >= .milliseconds(1), window <= .seconds(31 * 86_400) else {
                section.problems.add(Wording.badLimit(text), at: node.mark)
                return nil
            }
            return RateLimit(calls: calls, window: window)
        }
    }

    private func assume(_ profile: GatewayProfile) -> [String: String] {
        var chosen: [String: String] = [:]
        for assumption in profile.assumptions { chosen[assumption.key] = assumption.choices.first }
        let vocabulary = Vocabulary(known: profile.assumptions.map(\.key))
        guard let section = section.section("assume", vocabulary) else { return chosen }
        for assumption in profile.assumptions {
            if let choice = section.choice(assumption.key, of: assumption.choices) {
                chosen[assumption.key] = choice
            }
        }
        return chosen
    }
}
