import Gateways
package import Instructions
import Pacing
package import Settings

/// An account that is ready to be called: configured, its credentials read, its address known.
package struct AccountInUse: Sendable {
    package let settings: AccountSettings
    package let identity: AccountIdentity
    package let profile: GatewayProfile
    /// Whether it is an embedded sandbox: no money moves.
    package let isPractice: Bool
    /// What is doubtful about its credentials.
    package let warnings: [String]
    private let baseURL: GatewayURL
    private let credentials: GatewayCredentials

    /// The account as configured. Throws `OperationError` with `.configuration`.
    package static func live(
        _ settings: AccountSettings, environment: [String: String]
    ) throws -> AccountInUse {
        guard let text = settings.baseURL else {
            preconditionFailure("an account has a base URL or a sandbox")
        }
        let resolved = try settings.resolveCredentials(environment: environment)
        let credentials = GatewayCredentials(resolved.values)
        let baseURL = try GatewayURL.validated(text)
        return try AccountInUse(
            settings, baseURL, credentials,
            identity: Gateways.identity(named: settings.gateway, baseURL: baseURL, credentials: credentials),
            isPractice: false, warnings: resolved.warnings)
    }

    /// The account against its embedded sandbox, which listens at that URL. Its identity is the intents file.
    package static func practice(_ settings: AccountSettings, sandboxURL: String) throws -> AccountInUse {
        try AccountInUse(
            settings, GatewayURL.validated(sandboxURL), GatewayCredentials(practiceCredentials),
            identity: practiceIdentity(settings), isPractice: true, warnings: [])
    }

    /// What the account is to the store; known without reading a secret where it has a sandbox.
    package static func practiceIdentity(_ settings: AccountSettings) -> AccountIdentity {
        AccountIdentity(
            gateway: settings.gateway, origin: "sandbox", parties: [settings.sandbox?.intents ?? ""])
    }

    /// The sandbox takes any; these say in its ledger and logs what they are.
    private static let practiceCredentials = [
        "merchant-no": "500000000000000", "app-id": "practice", "client-id": "practice",
        "api-key": "practice",
    ]

    private init(
        _ settings: AccountSettings, _ baseURL: GatewayURL, _ credentials: GatewayCredentials,
        identity: AccountIdentity, isPractice: Bool, warnings: [String]
    ) throws {
        guard let profile = Gateways.profile(named: settings.gateway, assume: settings.assume) else {
            preconditionFailure("the configuration knows only gateways that have a profile")
        }
        self.settings = settings
        self.identity = identity
        self.profile = profile
        self.isPractice = isPractice
        self.warnings = warnings
        self.baseURL = baseURL
        self.credentials = credentials
    }

    /// Where its calls go.
    package var host: String { baseURL.host }

    var callLimits: [CallLimit] { settings.callLimits }

    /// A client judged by that run's frozen assumptions; whoever takes it shuts it down.
    func client(assume: GatewayProfile.Choices) throws -> any GatewayClient {
        try Gateways.client(
            named: settings.gateway,
            setup: GatewaySetup(
                baseURL: baseURL, credentials: credentials, assume: assume, concurrency: settings.concurrency,
                timeout: settings.timeout))
    }
}

extension AccountSettings {
    /// The limits of its calls, less what is left for other traffic on the account; the gateway's own unless they are
    /// given, and none of an embedded sandbox.
    var callLimits: [CallLimit] {
        let ofGateway = Gateways.profile(named: gateway, assume: assume)?.defaultLimits ?? []
        return (limits ?? (sandbox == nil ? ofGateway : [])).map {
            CallLimit(calls: $0.calls, length: $0.window).reserving(partsPerMillion: reservePartsPerMillion)
        }
    }
}
