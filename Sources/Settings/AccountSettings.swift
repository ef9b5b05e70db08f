package import Instructions

/// The embedded gateway of an account for practice.
package struct SandboxSettings: Hashable, Sendable {
    /// Absolute path of the intents it starts with, one JSON object a line.
    package let intents: String
    /// Absolute path of a fault script, to rehearse lost answers and refusals; nil for none.
    /// `faults` is this program's own addition to `sandbox:`.
    package let faults: String?

    package init(intents: String, faults: String?) {
        self.intents = intents
        self.faults = faults
    }
}

/// One account of the configuration. It has either a sandbox, or a base URL and credentials.
package struct AccountSettings: Hashable, Sendable {
    package let name: String
    /// A key of the profiles that were given to the reading.
    package let gateway: String
    /// The line of its name in the configuration.
    package let line: Int
    /// Without a trailing slash, the gateway's own where the file gives none; nil with a sandbox.
    package var baseURL: String?
    /// By their keys, such as `api-key`; empty with a sandbox.
    package var credentials: [String: Credential] = [:]
    package var sandbox: SandboxSettings?
    /// nil where the file gives none: the gateway's default, or no limit at all with a sandbox.
    package var limits: [RateLimit]?
    /// The share of every limit that is left for other traffic on the account, in millionths, below all of it.
    package var reservePartsPerMillion = 0
    /// Calls in flight at once, 1 to 1024.
    package var concurrency = 16
    /// How long an answer is awaited, 100 ms to 10 minutes.
    package var timeout: Duration = .seconds(30)
    /// A choice for every assumption of the profile: the file's, else the default.
    package var assume: [String: String] = [:]
    /// How long the gateway is trusted to keep the answer to a key; nil for its own default.
    package var keyLifetime: Duration?
    /// Whether rows without external data are rejected.
    package var needsExternalData = false

    package init(name: String, gateway: String, line: Int) {
        self.name = name
        self.gateway = gateway
        self.line = line
    }

    /// The values of all credentials.
    package struct ResolvedCredentials: Hashable, Sendable {
        package let values: [String: String]
        package let warnings: [String]
    }

    /// Reads all credentials from the environment and their files. Throws every problem at once.
    package func resolveCredentials(
        environment: [String: String]
    ) throws(ConfigurationError) -> ResolvedCredentials {
        var values: [String: String] = [:]
        var warnings: [String] = []
        var problems: [ConfigurationProblem] = []
        for (name, credential) in credentials.sorted(by: { $0.key < $1.key }) {
            do {
                let resolved = try credential.resolve(name: name, environment: environment)
                values[name] = resolved.value
                if let warning = resolved.warning { warnings.append(warning) }
            } catch {
                problems += error.problems.map {
                    ConfigurationProblem(
                        file: $0.file, message: Wording.ofAccount(self.name, $0.message))
                }
            }
        }
        if !problems.isEmpty { throw ConfigurationError(problems: problems) }
        return ResolvedCredentials(values: values, warnings: warnings)
    }
}
