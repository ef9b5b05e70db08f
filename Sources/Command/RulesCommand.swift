import ArgumentParser
import Gateways
import Instructions
import JSON
import Operations
import Pacing

struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Shows the state rules, the retry contract and the assumptions of the gateways.")

    @Argument(help: ArgumentHelp("One gateway only.", valueName: "gateway"))
    var gateway: String?

    @OptionGroup(visibility: .hidden) var options: RunOptions
    @OptionGroup(visibility: .hidden) var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let gateway, !Gateways.names.contains(gateway) else { return }
        throw ValidationError("no such gateway; known are \(Gateways.names.joined(separator: ", "))")
    }

    func run() async throws {
        let profiles = Gateways.names.filter { gateway == nil || $0 == gateway }.compactMap { name in
            Gateways.profile(named: name)
        }
        if output.output == .json {
            let object: JSONValue = ["gateways": .array(profiles.map(RulesText.json))]
            StandardOutput.write(object.text)
        } else {
            StandardOutput.write(profiles.map(RulesText.text).joined(separator: "\n\n"))
        }
    }
}

/// A gateway's profile for people and programs.
enum RulesText {
    static func text(_ profile: GatewayProfile) -> String {
        var lines = [profile.gateway]
        for (name, value) in rows(profile) {
            lines.append("  \(name.padding(to: 28)) \(value)")
        }
        for assumption in profile.assumptions {
            lines.append("  assume \(assumption.key): \(assumption.choices.joined(separator: " | "))")
            lines.append("    \(assumption.meaning)")
        }
        return lines.joined(separator: "\n")
    }

    static func json(_ profile: GatewayProfile) -> JSONValue {
        var rules = JSONObject()
        for (name, value) in rows(profile) { rules[name] = .string(value) }
        let assumptions = profile.assumptions.map { assumption -> JSONValue in
            [
                "key": .string(assumption.key), "choices": .array(assumption.choices.map(JSONValue.string)),
                "meaning": .string(assumption.meaning),
            ]
        }
        return [
            "gateway": .string(profile.gateway), "rules": .object(rules), "assumptions": .array(assumptions),
        ]
    }

    private static func rows(_ profile: GatewayProfile) -> [(String, String)] {
        let byLine = profile.partialCancel == .byLineItems ? ", line by line" : ""
        var rows = [
            ("cancel allowed from", words(profile) { profile.allows(.cancel, from: $0) }),
            ("capture allowed from", words(profile) { profile.allows(.capture, from: $0) }),
            ("cancelled", words(profile) { $0 == .cancelled }),
            ("captured", words(profile) { $0 == .captured }),
            ("asked again while", words(profile) { $0 == .pending }),
            ("partial cancel", part(profile.partialCancel)),
            ("partial capture", part(profile.partialCapture)),
            ("every other status", "rejected"),
            (
                "already applied, the whole",
                "the end status of the action, with the amount that was asked for\(byLine)"
            ),
        ]
        if profile.missingCapturedAmountMeansWhole {
            rows.append(("captured amount null", "assumed to be the whole amount"))
        }
        return rows + [
            ("idempotency keys", keys(profile)),
            ("after a lost answer", resolving(profile)),
            (
                "credentials",
                profile.usesTokens ? "a token, renewed 30 s before it lapses" : "headers of every call"
            ),
            ("default limits", profile.defaultLimits.map(limit).joined(separator: ", ")),
        ]
    }

    private static func words(_ profile: GatewayProfile, _ fits: (IntentState) -> Bool) -> String {
        let words = profile.states.filter { fits($0.value) }.keys.sorted()
        return words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    private static func part(_ rule: GatewayProfile.PartialRule) -> String {
        switch rule {
        case .refused: "rejected"
        case .final: "by amount; nothing more can be captured afterwards"
        case .byLineItems: "by line items"
        }
    }

    private static func keys(_ profile: GatewayProfile) -> String {
        guard let lifetime = profile.keyLifetime else { return "none documented" }
        return "kept \(lifetime.components.seconds / 3600) h; a repeat is answered 409"
    }

    private static func resolving(_ profile: GatewayProfile) -> String {
        profile.keyLifetime == nil
            ? "the intent is read; a whole action is sent again only when nothing moved"
            : "the stored response is fetched by key, then the intent is read"
    }

    private static func limit(_ limit: RateLimit) -> String {
        CallLimit(calls: limit.calls, length: limit.window).text
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
