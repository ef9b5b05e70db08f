import Foundation
import GRDB
import Trials

/// A store that another process holds, or that is not what it was.
enum Stores {
    static let experiments =
        Experiment.gateways.map { gateway in
            Experiment(
                name: "store-damage-\(gateway)",
                says:
                    "truncated, overwritten, foreign WAL, newer schema: refused with what to do, nothing sent"
            ) { bench in
                try await damages(gateway, on: bench)
            }
        } + [
            Experiment(
                name: "store-held", says: "another process holds the database: a while, and for too long"
            ) { bench in
                try await held(on: bench)
            }
        ]

    // MARK: Damage

    private static func damages(_ gateway: String, on bench: Bench) async throws -> Measured {
        let tally = try await bench.each(StoreDamage.all) { try await measure($0, gateway, on: bench) }
        return Measured(tally, "\(StoreDamage.all.count) damages")
    }

    /// An interrupted run whose store is damaged; then the undamaged one goes on.
    private static func measure(
        _ damage: StoreDamage, _ gateway: String, on bench: Bench
    ) async throws -> Tally {
        let rehearsal = try bench.rehearsal(gateway, rows: 100)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, Rehearsal.slow)
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            guard try await rehearsal.waitForEffects(10, of: started, in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started.end().err)")
            }
            try await started.killNow()
            try rehearsal.configure(served)
            try FileManager.default.copyItem(
                atPath: rehearsal.path("state"), toPath: rehearsal.path("kept"))
            var tally = Tally()
            for arguments in [["resume"], ["run", rehearsal.file, "--reports", "reports"]] {
                guard try await isRefused(damage, arguments, rehearsal, served, &tally) else {
                    tally.unexpected += 1
                    return tally
                }
            }
            try restore(rehearsal)
            let ended = try await bench.end(rehearsal, of: rehearsal.start(["resume"]))
            guard ended.code == 1 else { throw TrialError("exit \(ended.code): \(ended.err)") }
            tally.add(try bench.judge(rehearsal, served.ledger))
            return tally
        }
    }

    private static func restore(_ rehearsal: Rehearsal) throws {
        try FileManager.default.removeItem(atPath: rehearsal.path("state"))
        try FileManager.default.copyItem(atPath: rehearsal.path("kept"), toPath: rehearsal.path("state"))
    }

    private static func isRefused(
        _ damage: StoreDamage, _ arguments: [String], _ rehearsal: Rehearsal, _ served: ServedSandbox,
        _ tally: inout Tally
    ) async throws -> Bool {
        try restore(rehearsal)
        try await damage.apply(to: rehearsal)
        let before = try GatewayLedger(path: served.ledger).attempted
        let ended = try await rehearsal.start(arguments).end()
        let sent = try GatewayLedger(path: served.ledger).attempted - before
        let saysMend = damage.says.contains { ended.err.contains($0) }
        if ended.code == 78, saysMend, sent == 0 { return true }
        tally.note(
            "\(damage.name), \(arguments[0]): exit \(ended.code), \(sent) sent: \(ended.out)\(ended.err)")
        return false
    }

    // MARK: Held

    /// SQLite's write lock, held for a while in the middle of the work.
    private static func held(on bench: Bench) async throws -> Measured {
        let rehearsal = try bench.rehearsal("useepay", rows: 200)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, Rehearsal.slow)
            var tally = Tally()
            for (seconds, code) in [(3, Int32(0)), (13, 75)] {
                let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
                let wanted = try GatewayLedger.countEffects(in: served.ledger) + 10
                guard try await rehearsal.waitForEffects(wanted, of: started, in: served.ledger) else {
                    throw TrialError("not met in the middle: \(try await started.end().err)")
                }
                try await holdWriteLock(of: rehearsal.path("state/intentbatch.sqlite"), seconds: seconds)
                if code == 0 {
                    if !started.isRunning { tally.note("ended although the lock was held for \(seconds) s") }
                    started.signal(SIGTERM)
                }
                let ended = try await started.end()
                let wantedCode = code == 0 ? 5 : code
                if ended.code != wantedCode || (code == 75 && !ended.err.contains("Another process holds")) {
                    tally.unexpected += 1
                    tally.note("held for \(seconds) s: exit \(ended.code): \(ended.err)")
                }
            }
            try rehearsal.configure(served)
            let ended = try await bench.end(rehearsal, of: rehearsal.start(["resume"]))
            guard ended.code == 1 else { throw TrialError("exit \(ended.code): \(ended.err)") }
            tally.add(try bench.judge(rehearsal, served.ledger))
            return Measured(tally, "held for 3 s, then for 13 s")
        }
    }

    private static func holdWriteLock(of path: String, seconds: Int) async throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = 10000")
            try database.execute(sql: "BEGIN IMMEDIATE")
        }
        try await pause(milliseconds: seconds * 1_000)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try queue.close()
    }
}
