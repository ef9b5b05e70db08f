import Foundation
import Trials

/// What happens to the files around a run while it goes on.
enum Files {
    static let experiments =
        Experiment.gateways.map { gateway in
            Experiment(
                name: "input-\(gateway)",
                says: "the input is replaced, appended to, truncated or deleted during the run"
            ) { bench in
                let changes = bench.isQuick ? [Change.replaced, .truncated] : Change.allCases
                let tally = try await bench.each(changes) { try await input($0, gateway, on: bench) }
                return Measured(tally, "\(changes.count) runs of 150 rows")
            }
        } + [
            Experiment(
                name: "reports-lost", says: "the folder for reports disappears during the run"
            ) { bench in
                let ways = ["gone", "file", "replaced"]
                let tally = try await bench.each(ways) { try await reportsLost($0, on: bench) }
                return Measured(tally, "\(ways.count) runs of 150 rows")
            }
        ]

    enum Change: String, CaseIterable, Sendable {
        case replaced, appended, truncated, deleted, overwritten
    }

    private static func input(_ change: Change, _ gateway: String, on bench: Bench) async throws -> Tally {
        let rehearsal = try bench.rehearsal(gateway, rows: 150)
        let path = rehearsal.path(rehearsal.file)
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, Rehearsal.slow)
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            guard try await rehearsal.waitForEffects(10, of: started, in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started.end().err)")
            }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            switch change {
            case .replaced:
                try rehearsal.write("action,intent_id\ncancel,nobody\n", to: "new.csv")
                guard rename(rehearsal.path("new.csv"), path) == 0 else { throw TrialError("rename failed") }
            case .appended:
                try file.seekToEnd()
                try file.write(contentsOf: Data("cancel,nobody\n".utf8))
            case .truncated: try file.truncate(atOffset: 40)
            case .deleted: try FileManager.default.removeItem(atPath: path)
            case .overwritten: try file.write(contentsOf: Data(String(text.reversed()).utf8))
            }
            try file.close()
            let ended = try await bench.end(rehearsal, of: started)
            var tally = try bench.judge(rehearsal, served.ledger)
            if ended.code != 1 {
                tally.unexpected += 1
                tally.note("\(change.rawValue): exit \(ended.code): \(ended.err)")
            }
            return tally
        }
    }

    /// The run ends with its report or with exit 74, and then the next start has the report.
    private static func reportsLost(_ way: String, on bench: Bench) async throws -> Tally {
        let rehearsal = try bench.rehearsal("useepay", rows: 150)
        let reports = rehearsal.path("reports")
        return try await rehearsal.serving { served in
            try rehearsal.configure(served, Rehearsal.slow)
            try FileManager.default.createDirectory(atPath: reports, withIntermediateDirectories: true)
            let started = try rehearsal.start(["run", rehearsal.file, "--reports", "reports"])
            guard try await rehearsal.waitForEffects(10, of: started, in: served.ledger) else {
                throw TrialError("not met in the middle: \(try await started.end().err)")
            }
            try FileManager.default.removeItem(atPath: reports)
            switch way {
            case "file": try rehearsal.write("no folder", to: "reports")
            case "replaced":
                try FileManager.default.createDirectory(atPath: reports, withIntermediateDirectories: true)
            default: break
            }
            var ended = try await bench.end(rehearsal, of: started)
            var complaints: [String] = []
            if way == "file" {
                if ended.code != 74 || !ended.err.contains("reports") {
                    complaints.append("a file in its place: exit \(ended.code): \(ended.err)")
                }
                try FileManager.default.removeItem(atPath: reports)
                ended = try await rehearsal.run("resume")
            }
            if ended.code != 1 { complaints.append("\(way): exit \(ended.code): \(ended.err)") }
            var tally = try bench.judge(rehearsal, served.ledger)
            tally.unexpected += complaints.count
            complaints.forEach { tally.note($0) }
            return tally
        }
    }
}
