import Foundation
import Trials

/// The run is killed, or the system call fails, at the k-th call of a kind, for every k until a run has fewer.
enum SystemCalls {
    static let experiments = Experiment.gateways.flatMap { gateway in
        [
            Experiment(
                name: "syscall-kills-\(gateway)",
                says: "kill -9 at every k-th pwrite64, fdatasync, fsync, rename, write, writev of 50 rows",
                isQuick: false
            ) { bench in
                try await measure(gateway, [.kill], on: bench)
            },
            Experiment(
                name: "syscall-errors-\(gateway)",
                says: "EIO and ENOSPC at the k-th of the same calls, once and from then on", isQuick: false
            ) { bench in
                let harms: [Strace.Harm] = ["EIO", "ENOSPC"].flatMap {
                    [.error($0, lasting: false), .error($0, lasting: true)]
                }
                return try await measure(gateway, harms, on: bench)
            },
        ]
    }

    /// A call and how far apart the k are: 1 is every one.
    private struct Call {
        let name: String
        let errorStride: Int
        /// A run has at least that many, by a wide margin.
        let fewestKills: Int
        /// Errors of `write` and `writev` would strike the sockets and wake-ups of the event loops, where they mean nothing;
        /// lost connections are the fault script's.
        let takesErrors: Bool

        static let all = [
            Call(name: "rename", errorStride: 1, fewestKills: 2, takesErrors: true),
            Call(name: "fsync", errorStride: 1, fewestKills: 4, takesErrors: true),
            Call(name: "fdatasync", errorStride: 1, fewestKills: 6, takesErrors: true),
            Call(name: "pwrite64", errorStride: 7, fewestKills: 60, takesErrors: true),
            Call(name: "write", errorStride: 1, fewestKills: 40, takesErrors: false),
            Call(name: "writev", errorStride: 1, fewestKills: 20, takesErrors: false),
        ]
    }

    private struct Trial: Sendable {
        let call: String
        let k: Int
        let harm: Strace.Harm
        /// Whether the store is there before, so that the first calls are those of the run.
        let hasStore: Bool
    }

    private static func measure(
        _ gateway: String, _ harms: [Strace.Harm], on bench: Bench
    ) async throws -> Measured {
        guard Strace.isThere else { return .skipped(Strace.missing) }
        var tally = Tally()
        var hits: [String] = []
        for call in Call.all {
            for harm in harms where harm == .kill || call.takesErrors {
                var count = 0
                for hasStore in [false, true] {
                    let (found, hit) = try await untilNotHit(
                        call.name, harm, hasStore, stride: harm == .kill ? 1 : call.errorStride, gateway,
                        on: bench)
                    tally.add(found)
                    count += hit
                }
                hits.append("\(count) \(call.name) \(harm.name)")
                if harm == .kill, count < call.fewestKills {
                    tally.unexpected += 1
                    tally.note("only \(count) kills at \(call.name): the experiment did not happen")
                }
            }
        }
        return Measured(tally, hits.joined(separator: ", "))
    }

    /// Goes on in batches until none of a batch was hit.
    private static func untilNotHit(
        _ call: String, _ harm: Strace.Harm, _ hasStore: Bool, stride: Int, _ gateway: String, on bench: Bench
    ) async throws -> (Tally, hits: Int) {
        var tally = Tally()
        var hits = 0
        var next = 1
        while true {
            let batch = (0..<bench.width * 2).map {
                Trial(call: call, k: next + $0 * stride, harm: harm, hasStore: hasStore)
            }
            next += batch.count * stride
            let found = try await bench.each(batch, width: bench.width * 2) { trial in
                try await strike(trial, gateway, on: bench)
            }
            tally.add(found)
            hits += found.struck
            if found.struck == 0 { return (tally, hits) }
        }
    }

    /// `struck` of the tally is 1 when the harm was done.
    private static func strike(_ trial: Trial, _ gateway: String, on bench: Bench) async throws -> Tally {
        let rehearsal = try bench.rehearsal(gateway, rows: 50)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served)
            if trial.hasStore {
                try FileManager.default.createDirectory(
                    atPath: rehearsal.path("reports"), withIntermediateDirectories: true)
                try await rehearsal.run("runs")
            }
            let run = ["run", rehearsal.file, "--reports", "reports"]
            let struck = try await rehearsal.start(
                run, under: Strace.striking(trial.call, at: trial.k, with: trial.harm)
            ).end(within: .seconds(120))
            let name = "\(trial.call) \(trial.harm.name) at \(trial.k)"
            var complaints: [String] = []
            // A run that is finished ends with 1; everything else was the harm, and says what to do.
            let isHit = struck.wasKilled || struck.code != 1
            if isHit, !struck.wasKilled {
                if ![74, 78].contains(struck.code) {
                    complaints.append("exit \(struck.code): \(struck.err)")
                }
                if !struck.err.contains("next: ") { complaints.append("no next command: \(struck.err)") }
            }
            let ended = try await rehearsal.start(run).end(within: .seconds(120))
            if !([1] + (isHit ? [] : [6])).contains(ended.code) {
                // Killed after the report was published: nothing is left to do.
                if ended.code != 6 || (try? rehearsal.results()) == nil {
                    complaints.append("then exit \(ended.code): \(ended.err)")
                }
            }
            var tally = try bench.judge(rehearsal, served.ledger)
            tally.struck = isHit ? 1 : 0
            tally.unexpected += complaints.count
            complaints.forEach { tally.note($0) }
            tally.findings = tally.findings.map { "\(name): \($0)" }
            return tally
        }
    }
}
