import ArgumentParser
import FoundationEssentials
import Gateways
import JSON
import Logging
import Operations
import Settings

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Looks at configuration, credentials, store, clock and gateways: what is wrong and how to mend it.",
        discussion: """
            Each account's gateway, or that of --account, gets one call: a token, or a read of an intent that does not \
            exist. Nothing is sent that changes money. The exit code is what a run would end with: 78 for configuration and state, 4 for a \
            gateway that is not reached or refuses the credentials.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    private var again: String { "intentbatch doctor\(options.asTyped)\(place.asTyped)" }
    /// Look at this one only.
    private var account: String? { options.account }

    func run() async throws {
        try await Ending.of(again: again, output: output, listing: "checks") {
            let findings = await findings()
            let code = Operations.ExitCode.gravest(findings.map(\.exitCode))
            let faults = findings.filter { $0.status != .ok }
            if output.output == .json {
                let object: JSONValue = [
                    "checks": .array(findings.map(json)), "exit_code": .number("\(code.rawValue)"),
                ]
                StandardOutput.write(object.text)
            } else if !output.quiet {
                StandardOutput.write(findings.flatMap(lines).joined(separator: "\n"))
            } else if code != .success {
                StandardError.write(faults.flatMap(lines).joined(separator: "\n"))
            }
            return Ending(
                code: code,
                next: code == .success
                    ? []
                    : faults.filter { $0.status == .error }.compactMap(\.mend).map { "\($0), then: \(again)" }
            )
        }
    }

    private func findings() async -> [DoctorFinding] {
        let logger = output.makeLogger()
        var findings: [DoctorFinding] = []
        let configuration: ConfigurationFile?
        (configuration, findings) = readConfiguration()
        do {
            findings += await StateDoctor(try Session.stateOnly(place: place, logger: logger)).findings()
        } catch {
            // What is wrong in the configuration was said already.
            if configuration != nil { findings.append(.error("state", error, mend: "name one with --state")) }
        }
        guard let configuration else { return findings }
        let chosen = configuration.accounts.filter { account == nil || $0.name == account }
        if chosen.isEmpty, let account {
            findings.append(unknown(account, configuration))
        }
        for settings in chosen { findings += await look(at: settings) }
        return findings
    }

    private func readConfiguration() -> (ConfigurationFile?, [DoctorFinding]) {
        let subject = "configuration"
        let (environment, folder) = (
            ProcessInfo.processInfo.environment, FileManager.default.currentDirectoryPath
        )
        let found = ConfigurationSearch.locate(
            explicit: place.config, environment: environment, jobPath: nil, workingDirectory: folder,
            fileExists: FileManager.default.fileExists(atPath:))
        guard let found else {
            let places = ConfigurationSearch.usualPlaces(
                environment: environment, jobPath: nil, workingDirectory: folder)
            let message = "there is none in \(places.map(\.path).joined(separator: ", "))"
            return (
                nil,
                [.error(subject, message, mend: "write one there, or name one with --config", .configuration)]
            )
        }
        do {
            let file = try ConfigurationFile.read(path: found.path, profiles: Gateways.profiles)
            var findings: [DoctorFinding] = [
                .ok(subject, "\(found.path) (\(found.reason)), \(file.accounts.count) accounts")
            ]
            if file.accounts.count > 1, file.defaultAccount == nil {
                findings.append(
                    .warning(
                        subject, "there are several accounts and no default-account",
                        mend: "set `default-account:`, or name one with --account or in each job"))
            }
            return (file, findings)
        } catch {
            return (nil, [.error(subject, error, mend: "mend \(found.path)")])
        }
    }

    private func unknown(_ name: String, _ configuration: ConfigurationFile) -> DoctorFinding {
        do {
            _ = try configuration.account(option: name, job: nil)
            preconditionFailure("an account that is configured was chosen")
        } catch {
            return .error("account \(name)", error, mend: "name one that is configured")
        }
    }

    private func look(at settings: AccountSettings) async -> [DoctorFinding] {
        if let fault = AccountDoctor.fault(settings, environment: ProcessInfo.processInfo.environment) {
            return [fault]
        }
        do {
            var quiet = output.makeLogger()
            quiet.logLevel = .error
            let options = try RunOptions.parse(["--account=\(settings.name)"])
            let session = try Session(place: place, run: options, jobPath: nil, logger: quiet)
            return try await session.withWorkplace(settings, onEvent: { _, _ in }) { workplace in
                await AccountDoctor.findings(workplace)
            }
        } catch {
            return [
                .error(
                    AccountDoctor.subject(settings, "sandbox"), Ending.operationError(error),
                    mend: "mend the account's `sandbox:`, or end the process that has it")
            ]
        }
    }

    private func lines(_ finding: DoctorFinding) -> [String] {
        ["\(finding.status.rawValue): \(finding.subject): \(finding.message)"]
            + (finding.mend.map { ["  mend: \($0)"] } ?? [])
    }

    private func json(_ finding: DoctorFinding) -> JSONValue {
        [
            "check": .string(finding.subject), "status": .string(finding.status.rawValue),
            "message": .string(finding.message), "mend": .orNull(finding.mend),
        ]
    }
}
