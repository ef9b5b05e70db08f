import Glibc
import Instructions
import Pacing
import Reports
import Runs

/// Looks at the state directory, what waits in it, and the clock.
package struct StateDoctor: Sendable {
    /// Below this a night's run may not fit: a million rows take some 600 MB of store and report.
    private static let roomWanted: UInt64 = 1 << 30

    private let state: StateLayout

    package init(_ state: StateLayout) { self.state = state }

    package func findings() async -> [DoctorFinding] {
        let subject = "state"
        let lookup: RunsLookup
        do {
            lookup = try RunsLookup(state: state)
        } catch {
            return [.error(subject, error, mend: "mend that, or name another state directory with --state")]
        }
        defer { lookup.close() }
        var findings = [room()]
        do {
            let runs = try await lookup.runs()
            findings.insert(.ok(subject, "\(state.directory) opens, \(runs.count) runs"), at: 0)
            findings += try await waiting(runs, lookup)
            findings.append(clock(newest: try await lookup.newestTime(), now: SystemTimekeeper().now().wall))
        } catch {
            findings.append(.error(subject, error, mend: "mend that, or restore the whole state directory"))
        }
        return findings
    }

    private func waiting(_ runs: [RunRecord], _ lookup: RunsLookup) async throws -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        for run in try await lookup.interrupted() {
            findings.append(
                .warning(
                    "runs", "run \(run.name) is interrupted", mend: "intentbatch resume \(run.name)"))
        }
        for run in runs where run.state.isOver {
            let unconfirmed = try await lookup.store.unconfirmedRows(of: run)
            guard unconfirmed > 0 else { continue }
            findings.append(
                .warning(
                    "runs", "run \(run.name) has \(unconfirmed) rows that are not confirmed",
                    mend: "intentbatch resolve \(run.name)"))
        }
        return findings.isEmpty ? [.ok("runs", "none is interrupted, none has unconfirmed rows")] : findings
    }

    private func room() -> DoctorFinding {
        let subject = "disk"
        var facts = statvfs()
        guard statvfs(state.directory, &facts) == 0 else {
            return .warning(
                subject, "the room on the disk of \(state.directory) is not known",
                mend: "look at it with: df \(state.directory)")
        }
        let room = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        let text = "\(room >> 20) MiB free for \(state.directory)"
        guard room < Self.roomWanted else { return .ok(subject, text) }
        return .warning(subject, text, mend: "make room: a million rows take some 600 MB")
    }

    /// The age of keys and the end of waits are told by the wall clock.
    func clock(newest: WallTime, now: WallTime) -> DoctorFinding {
        let subject = "clock"
        guard now < newest else { return .ok(subject, "\(UTCText.of(now)), not behind any run") }
        return .error(
            subject, "the clock says \(UTCText.of(now)), but a run wrote at \(UTCText.of(newest))",
            mend: "set the clock (timedatectl set-ntp true); until then every idempotency key counts as old",
            .configuration)
    }
}
