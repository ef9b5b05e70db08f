package import Instructions
package import Logging
package import Runs

/// A gateway with connections that can be closed.
package protocol GatewayClient: Gateway {
    /// Where the tasks that call do best to run. Nothing that runs there may block.
    var executor: any TaskExecutor { get }
    /// Closes all connections; calls still in flight end as ambiguous. Once, after the last `send`.
    func shutdown() async throws
}

/// What a client is made from.
package struct GatewaySetup: Sendable {
    package let baseURL: GatewayURL
    package let credentials: GatewayCredentials
    /// The account's choices below `assume:`.
    package let assume: GatewayProfile.Choices
    /// Connections at most.
    package let concurrency: Int
    /// The account's time-out of a call; connecting gets at most half of it.
    package let timeout: Duration
    package let logger: Logger?

    package init(
        baseURL: GatewayURL, credentials: GatewayCredentials, assume: GatewayProfile.Choices = [:],
        concurrency: Int, timeout: Duration, logger: Logger? = nil
    ) {
        self.baseURL = baseURL
        self.credentials = credentials
        self.assume = assume
        self.concurrency = concurrency
        self.timeout = timeout
        self.logger = logger
    }
}

/// What a gateway's folder offers to the rest of the house.
struct GatewayKind: Sendable {
    let name: String
    let profile: @Sendable (GatewayProfile.Choices) -> GatewayProfile
    /// The credentials that say who the account is, in the order of its identity; all others are secret.
    let partyKeys: [String]
    let client: @Sendable (GatewaySetup) throws(GatewaySetupError) -> any GatewayClient
}

/// The one place that knows which gateways exist: a further one is its folder and a line in `all`.
package enum Gateways {
    private static let all: [GatewayKind] = [
        .useePay,
        .mangopay,
    ]

    private static func kind(named name: String) -> GatewayKind? { all.first { $0.name == name } }

    /// The names an account's `gateway:` may have.
    package static var names: [String] { all.map(\.name) }

    /// Every gateway's rules under its default assumptions, by its name.
    package static var profiles: [String: GatewayProfile] {
        Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.profile([:])) })
    }

    /// The gateway's rules under an account's assumptions; nil for an unknown name.
    package static func profile(
        named name: String, assume: GatewayProfile.Choices = [:]
    ) -> GatewayProfile? {
        kind(named: name)?.profile(assume)
    }

    /// What makes two accounts the same one.
    ///
    /// - Throws: `gateway_unknown`, or a `credential_…` code.
    package static func identity(
        named name: String, baseURL: GatewayURL, credentials: GatewayCredentials
    ) throws(GatewaySetupError) -> AccountIdentity {
        guard let kind = kind(named: name) else { throw .unknownGateway(name) }
        var parties: [String] = []
        for key in kind.partyKeys { parties.append(try credentials.value(key)) }
        return AccountIdentity(gateway: name, origin: baseURL.text, parties: parties)
    }

    /// A client for one account; whoever made it calls `shutdown` at the end.
    ///
    /// - Throws: `gateway_unknown`, or a `credential_…` code.
    package static func client(
        named name: String, setup: GatewaySetup
    ) throws(GatewaySetupError) -> any GatewayClient {
        guard let kind = kind(named: name) else { throw .unknownGateway(name) }
        return try kind.client(setup)
    }
}
