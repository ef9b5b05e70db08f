import Gateways
import Instructions
import Pacing
import Runs
import SQLiteRunStore
package import Settings

/// Looks at one account: its credentials, its gateway, what is assumed of it. Sends a token or read call, nothing that
/// changes money.
package enum AccountDoctor {
    /// What is wrong before the gateway is called; nil for an account that can be called.
    package static func fault(_ settings: AccountSettings, environment: [String: String]) -> DoctorFinding? {
        guard settings.sandbox == nil else { return nil }
        do {
            _ = try AccountInUse.live(settings, environment: environment)
            return nil
        } catch {
            return .error(
                subject(settings, "credentials"), error, mend: "set what is missing, then: intentbatch doctor"
            )
        }
    }

    package static func findings(_ place: Workplace) async -> [DoctorFinding] {
        let account = place.account
        let settings = account.settings
        var findings = account.warnings.map {
            DoctorFinding.warning(subject(settings, "credentials"), $0, mend: "protect the file")
        }
        findings.append(await gateway(place))
        for assumption in account.profile.assumptions {
            let choice = settings.assume[assumption.key] ?? assumption.choices.first ?? ""
            findings.append(
                .ok(
                    subject(settings, "assumption"),
                    "\(assumption.key): \(choice). \(assumption.meaning)"))
        }
        return findings
    }

    package static func subject(_ settings: AccountSettings, _ part: String) -> String {
        "account \(settings.name): \(part)"
    }

    /// An id that no gateway gives, so that the answer is about the account and never about a payment.
    static let probeID = "intentbatch-doctor"

    /// How long the account's limits are waited for.
    private static let patience: Duration = .seconds(5)

    private static func gateway(_ place: Workplace) async -> DoctorFinding {
        let (account, timekeeper) = (place.account, SystemTimekeeper())
        let settings = account.settings
        let subject = subject(settings, "gateway")
        do {
            let store = try place.openStore()
            defer { try? store.close() }
            return try await AccountBudget.during(place, store, timekeeper) { budget in
                var allowed = try await budget.forecast().calls
                let wait = allowed.start(ofCall: 1)
                guard wait <= patience else {
                    let end = timekeeper.now().wall.advanced(by: wait)
                    return .warning(
                        subject,
                        "not called: the account's limits are used up, or its gateway asked for a pause",
                        mend: "look again at \(UTCText.of(end))")
                }
                _ = try await budget.lease(upTo: 1)
                let client = try account.client(assume: settings.assume)
                let call: GatewayCall = account.profile.usesTokens ? .token : .read(intentID: probeID)
                let before = timekeeper.now().monotonic
                let answer = await client.send(client.request(for: call), timeout: settings.timeout)
                let spent = (timekeeper.now().monotonic - before).wholeMilliseconds
                try await client.shutdown()
                return finding(subject, answer, host: account.host, milliseconds: spent)
            }
        } catch {
            return .error(subject, error, mend: "mend the account in the configuration")
        }
    }

    static func finding(
        _ subject: String, _ answer: Answer, host: String, milliseconds: Int64
    ) -> DoctorFinding {
        let said = answer.message ?? answer.httpStatus.map { "HTTP \($0)" } ?? "nothing"
        switch answer.kind {
        case .intent, .notFound, .token:
            return .ok(subject, "\(host) answers after \(milliseconds) ms and takes the credentials")
        case .throttled:
            return .warning(
                subject, "\(host) asks for a pause: \(said)",
                mend: "lower `limits:`, or wait until other traffic on the account is done")
        case .unauthorized, .credentialsRefused:
            return .error(
                subject, "\(host) refuses the credentials: \(said)",
                mend: "correct the account's credentials",
                .stoppedItself)
        case .notSent:
            return .error(
                subject, "\(host) is not reached: \(said)",
                mend: "look at `base-url:`, the network, the name server and the firewall", .stoppedItself)
        case .refused, .keyUsed, .stored, .nothingStored, .ambiguous:
            return .error(
                subject, "\(host) answers, but not as this gateway: \(said)",
                mend: "look at `base-url:` and at the gateway's status page", .stoppedItself)
        }
    }
}
