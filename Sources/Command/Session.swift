import FoundationEssentials
import Gateways
import Instructions
import Logging
import Operations
import Runs
import Sandbox
import Settings

/// What a command that works on runs begins with: configuration and state directory found, accounts known.
struct Session {
    let configuration: ConfigurationFile
    let state: StateLayout
    let job: JobFile?
    let logger: Logger
    private let run: RunOptions
    private let environment = ProcessInfo.processInfo.environment

    init(place: PlaceOptions, run: RunOptions, jobPath: String?, logger: Logger) throws {
        let environment = ProcessInfo.processInfo.environment
        let workingDirectory = FileManager.default.currentDirectoryPath
        guard
            let found = ConfigurationSearch.locate(
                explicit: place.config, environment: environment, jobPath: jobPath,
                workingDirectory: workingDirectory, fileExists: FileManager.default.fileExists(atPath:))
        else {
            let places = ConfigurationSearch.usualPlaces(
                environment: environment, jobPath: jobPath, workingDirectory: workingDirectory)
            throw OperationError(
                .configuration,
                "no \(ConfigurationFile.usualName) found; looked at "
                    + places.map(\.path).joined(separator: ", ") + "; name one with --config")
        }
        logger.info("configuration", metadata: ["path": "\(found.path)", "from": "\(found.reason)"])
        configuration = try ConfigurationFile.read(path: found.path, profiles: Gateways.profiles)
        job = try jobPath.map { try JobFile.read(path: $0) }
        state = try Self.stateLayout(place, configuration, logger)
        self.logger = logger
        self.run = run
    }

    /// The state directory alone, for commands that need no account.
    static func stateOnly(place: PlaceOptions, logger: Logger) throws -> StateLayout {
        let workingDirectory = FileManager.default.currentDirectoryPath
        let found = ConfigurationSearch.locate(
            explicit: place.config, environment: ProcessInfo.processInfo.environment, jobPath: nil,
            workingDirectory: workingDirectory, fileExists: FileManager.default.fileExists(atPath:))
        let configuration = try found.map {
            try ConfigurationFile.read(path: $0.path, profiles: Gateways.profiles)
        }
        return try stateLayout(place, configuration, logger)
    }

    private static func stateLayout(
        _ place: PlaceOptions, _ configuration: ConfigurationFile?, _ logger: Logger
    ) throws -> StateLayout {
        guard
            let found = ConfigurationSearch.stateDirectory(
                explicit: place.state, environment: ProcessInfo.processInfo.environment,
                configuration: configuration, workingDirectory: FileManager.default.currentDirectoryPath)
        else {
            throw OperationError(
                .configuration, "no place for the state directory: $HOME is not set; name one with --state")
        }
        logger.debug("state", metadata: ["path": "\(found.path)", "from": "\(found.reason)"])
        return StateLayout(directory: found.path)
    }

    /// `--reports`, absolute.
    var reports: String? {
        run.reports.map { path in
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        }
    }

    /// The account to use; a run that is resumed names its own unless `--account` says otherwise.
    func account(of record: RunRecord? = nil) throws -> AccountSettings {
        if run.account == nil, let record {
            do {
                return try configuration.account(option: record.accountName, job: nil)
            } catch {
                throw OperationError(
                    .configuration,
                    "run \(record.name): \(error); name the configuration it began with by --config, or its "
                        + "account's new name by --account")
            }
        }
        return try configuration.account(option: run.account, job: job)
    }

    /// An embedded gateway sets no limits of its own: a rehearsal is as fast as its account allows.
    private func embedded(_ gateway: String) -> SandboxGateway {
        gateway == "mangopay" ? .mangopay(MangopayOptions(limits: [])) : .useepay()
    }

    /// Calls the body with the account ready to be called; an embedded sandbox lives as long as the body.
    func withWorkplace<Value: Sendable>(
        _ account: AccountSettings, onEvent: @escaping @Sendable (RunRecord, RunEvent) -> Void,
        _ body: (Workplace) async throws -> Value
    ) async throws -> Value {
        func workplace(_ account: AccountInUse) -> Workplace {
            for warning in account.warnings { logger.warning("\(warning)") }
            return Workplace(
                state: state, account: account, requester: run.requester, logger: logger, onEvent: onEvent)
        }
        guard let sandbox = account.sandbox else {
            return try await body(workplace(.live(account, environment: environment)))
        }
        let ledger = state.sandboxLedger(gateway: account.gateway, intents: sandbox.intents)
        try state.prepare(folderOf: ledger)
        let options = SandboxOptions(
            gateway: embedded(account.gateway), intentsPath: sandbox.intents, ledgerPath: ledger,
            faultsPath: sandbox.faults)
        return try await withSandbox(options) { url in
            logger.info("embedded sandbox", metadata: ["url": "\(url)", "ledger": "\(ledger)"])
            return try await body(workplace(.practice(account, sandboxURL: url)))
        }
    }
}
