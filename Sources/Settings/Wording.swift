import Instructions

/// What this room says to people. Each message: what is wrong, then how to mend it.
enum Wording {
    static let configuration = "the configuration"
    static let job = "the job file"

    // MARK: Files and YAML

    static func unreadable(_ reason: String) -> String { reason }
    static let emptyFile = "the file is empty"
    static func notYAML(_ words: String) -> String { "not YAML: \(words)" }
    static func duplicateKeys(_ keys: [String]) -> String {
        "\(keys.map { "`\($0)`" }.joined(separator: ", ")) is written twice in one mapping; keep one"
    }
    static func notAMapping(_ name: String) -> String { "`\(name)` must consist of `key: value` lines" }
    static let keyIsNoText = "a key must be a plain word"

    // MARK: Keys

    static func unknownKey(_ key: String, nearest: String?, known: [String]) -> String {
        "unknown key `\(shortened(key))`\(didYouMean(nearest)) known keys: \(known.joined(separator: ", "))"
    }
    static func missing(_ key: String, _ why: String) -> String { "`\(key)` is missing: \(why)" }

    // MARK: Values

    static func noValue(_ key: String) -> String { "`\(key)` has no value" }
    static func notOneValue(_ key: String) -> String { "`\(key)` must be one value, not a list or mapping" }
    static func notAList(_ key: String, example: String) -> String {
        "`\(key)` must be a list with at least one value, such as `\(key): \(example)`"
    }
    static func pathWithNUL(_ key: String) -> String { "`\(key)` contains a NUL character" }
    static func tildePath(_ key: String) -> String {
        "`~` is not expanded in `\(key)`; write the absolute path, or one relative to this file"
    }
    static func badDuration(_ key: String, _ text: String, _ fault: DurationText.Fault) -> String {
        let units = "units are \(DurationText.units.joined(separator: ", "))"
        switch fault {
        case .noUnit:
            return "`\(key)`: `\(shortened(text))` has no unit; write for example `\(text)s`; \(units)"
        case .unknownUnit(let unit):
            return "`\(key)`: `\(shortened(unit))` is no unit of time here; \(units)"
        case .notADuration:
            return
                "`\(key)`: `\(shortened(text))` is no duration; write a whole number and a unit, "
                + "such as `30s`; \(units)"
        }
    }
    static func durationOutside(_ key: String, _ text: String, _ bounds: ClosedRange<Duration>) -> String {
        let lower = DurationText.text(of: bounds.lowerBound)
        let upper = DurationText.text(of: bounds.upperBound)
        return "`\(key)`: \(text) is outside \(lower) to \(upper)"
    }
    static func badInteger(_ key: String, _ text: String, _ bounds: ClosedRange<Int>) -> String {
        "`\(key)` must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound), "
            + "not `\(shortened(text))`"
    }
    static let stopWhenEmpty =
        "`stop-when` says neither `failures: 2%` nor `consecutive: 20`; write one, or remove it"
    static func badChoice(_ key: String, _ text: String, nearest: String?, choices: [String]) -> String {
        "`\(key)`: unknown value `\(shortened(text))`\(didYouMean(nearest)) "
            + "allowed: \(choices.joined(separator: ", "))"
    }
    static func badName(_ what: String, _ rule: NameRule) -> String {
        "this is no \(what) name: it must be \(rule.words)"
    }

    // MARK: Accounts

    static let accountsNeeded = "at least one account is needed, with its `gateway:`"
    static func gatewayNeeded(_ built: [String]) -> String {
        "name one of \(built.joined(separator: ", "))"
    }
    static let baseURLNeeded = "an account needs `base-url:` and `credentials:`, or `sandbox:` for practice"
    static let intentsNeeded = "the sandbox needs the file of payment intents it starts with"
    static func sandboxAnd(_ key: String) -> String {
        "an account with `sandbox:` has no `\(key)`; remove one of both"
    }
    static func badBaseURL(_ fault: BaseURL.Fault) -> String {
        switch fault {
        case .notAURL: "`base-url` must be an address such as https://openapi.useepay.com"
        case .plainHTTP:
            "`base-url` must start with https:// (credentials are sent there); "
                + "plain http is allowed to this machine only"
        case .superfluous: "`base-url` must not have a user, a query, a fragment, spaces or other characters"
        case .port: "`base-url`: the port must be a number from 1 to 65535"
        }
    }
    static func badLimit(_ text: String) -> String {
        "`\(shortened(text))` is no limit; write calls per window, such as `5/1s` or `2300/15m` "
            + "(at most 744h)"
    }
    static func notAtGateway(_ key: String, _ gateway: String) -> String {
        "`\(key)` has no meaning at \(gateway); remove it"
    }

    // MARK: Choosing an account

    static func unknownAccount(_ name: String, nearest: String?, known: [String]) -> String {
        "unknown account `\(shortened(name))`\(didYouMean(nearest)) "
            + "known accounts: \(known.joined(separator: ", "))"
    }
    static func severalAccounts(_ names: [String]) -> String {
        "there are several accounts (\(names.joined(separator: ", "))); "
            + "name one with --account, or set `default-account:`"
    }

    // MARK: Credentials; never with the value

    static func credentialsNeeded(_ names: [String]) -> String {
        "this gateway needs \(names.joined(separator: ", "))"
    }
    static func plainSecret(_ name: String) -> String {
        "`\(name)` must not stand here in plain text; write `{ env: VARIABLE }` or `{ file: PATH }`, "
            + "and replace the key at the gateway if this file was shared"
    }
    static func oneSource(_ name: String) -> String {
        "`\(name)` needs exactly one of `{ env: VARIABLE }` and `{ file: PATH }`"
    }
    static func badVariable(_ name: String) -> String {
        "`\(name)`: `env` must name an environment variable (letters, digits, _), "
            + "not contain the secret itself"
    }
    static func badCredentialText(_ name: String) -> String {
        "`\(name)` must be at most 256 printable ASCII characters without spaces at its ends"
    }
    static func variableNotSet(_ variable: String, credential: String) -> String {
        "environment variable \(variable) (for `\(credential)`) is not set or empty; set it, "
            + "or name a file with `{ file: PATH }`"
    }
    static func secretUnreadable(_ name: String, _ reason: String) -> String {
        "the file for `\(name)` \(reason)"
    }
    static func secretEmpty(_ name: String) -> String { "the file for `\(name)` is empty" }
    static func secretNotText(_ place: String) -> String {
        "\(place) must contain one line of printable ASCII without spaces at its ends"
    }
    static func secretReadable(_ path: String, mode: UInt32) -> String {
        "\(path) can be read by other users (mode \(String(mode, radix: 8))); protect it: chmod 600 \(path)"
    }
    static func ofAccount(_ name: String, _ message: String) -> String { "account `\(name)`: \(message)" }

    // MARK: Jobs

    static let jobNeeded = "give the job a name; it becomes part of the run's name"
    static let inputNeeded = "name the instruction file of this job"
    static let folderPattern =
        "`input` may have `*`, `?` and `[` in its last part only; name its folder without them"
    static let preflightNever =
        "`preflight: never` is allowed for whole cancels only; add `actions: [cancel]` or use `always`"
    static let firstBeyondMax = "`first` must not be longer than `max` (60s unless given)"

    static func badShare(_ key: String, _ text: String) -> String {
        "`\(key)`: `\(shortened(text))` is no share; write `1%` or `0.25%`, from 0% to 100%"
    }
    static let wholeReserve = "`reserve`: 100% leaves nothing for the run; write less"
    static func badCurrency(_ code: String) -> String {
        "`\(shortened(code))` is no currency of ISO 4217; write its code, such as `EUR`"
    }
    static func badSum(_ currency: Currency, _ text: String) -> String {
        "`\(currency.code)`: `\(shortened(text))` is no amount; write major units with a point and at most "
            + "\(currency.minorUnitDigits) decimals, such as "
            + "`\(Money(minorUnits: 2_500_000, currency: currency).majorText)`"
    }
    static func badColumnName(_ column: String) -> String {
        "`\(column)` must be the name that the file's header has for it, at most 256 bytes"
    }
    static func columnTwice(_ one: String, _ other: String) -> String {
        "`\(one)` and `\(other)` cannot be one column of the file"
    }
    static func badDefault(_ column: String, _ what: String) -> String {
        "the default of `\(column)` must be \(what)"
    }

    private static func didYouMean(_ nearest: String?) -> String {
        nearest.map { ", did you mean `\($0)`?" } ?? ";"
    }

    /// Long texts would hide the message.
    private static func shortened(_ text: String) -> String {
        text.count > 80 ? text.prefix(79) + "…" : text
    }
}
