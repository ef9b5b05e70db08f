import Foundation
import Trials

/// Small file systems in memory that fill up under way.
enum Disks {
    static let experiments = [
        Experiment(
            name: "disk-full-state",
            says: "the disk of the state directory is full, again and again; a little room is made each time"
        ) { bench in
            try await onSmallDisk(
                "state", firstKilobytes: 300, growth: bench.isQuick ? 500 : 100, on: bench)
        },
        Experiment(
            name: "disk-full-reports", says: "the disk for reports is full when the report is published"
        ) { bench in
            try await onSmallDisk("reports", firstKilobytes: 4, growth: 4, on: bench)
        },
    ]

    /// Starts the run again and again, with a little more room each time it ends with 74.
    private static func onSmallDisk(
        _ place: String, firstKilobytes: Int, growth: Int, on bench: Bench
    ) async throws -> Measured {
        guard geteuid() == 0 else {
            return .skipped("mounting a small disk needs root: sudo make faults ONLY=disk-full")
        }
        var tally = Tally()
        var details: [String] = []
        for gateway in bench.isQuick ? ["mangopay"] : Experiment.gateways {
            let rehearsal = try bench.rehearsal(gateway, rows: bench.isQuick ? 300 : 1_000)
            let disk = try SmallDisk(at: rehearsal.path(place), kilobytes: firstKilobytes)
            do {
                let full = try await rehearsal.serving(["--no-limits"]) { served in
                    try rehearsal.configure(served)
                    return try await grow(disk, by: growth, rehearsal, &tally)
                }
                tally.add(try bench.judge(rehearsal, rehearsal.path("ledger.ndjson")))
                details.append("\(gateway) full \(full) times")
            } catch {
                disk.unmount()
                throw error
            }
            disk.unmount()
        }
        return Measured(tally, details.joined(separator: ", "))
    }

    private static func grow(
        _ disk: SmallDisk, by growth: Int, _ rehearsal: Rehearsal, _ tally: inout Tally
    ) async throws -> Int {
        var kilobytes = disk.kilobytes
        for full in 0..<200 {
            let ended = try await rehearsal.run("run", rehearsal.file, "--reports", "reports")
            if ended.code == 1 { return full }
            // Nothing may be made, the folders of the state directory among it: exit 78 says so.
            let saysMend = ended.err.contains("room") || ended.err.contains("No space")
            if ![74, 78].contains(ended.code) || !saysMend {
                tally.unexpected += 1
                tally.note("full at \(kilobytes) KB: exit \(ended.code): \(ended.err)")
            }
            kilobytes += growth
            try disk.resize(to: kilobytes)
        }
        throw TrialError("the run did not end at \(kilobytes) KB")
    }
}

/// A tmpfs of a few kilobytes.
struct SmallDisk: Sendable {
    let path: String
    let kilobytes: Int

    init(at path: String, kilobytes: Int) throws {
        self.path = path
        self.kilobytes = kilobytes
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw TrialError("cannot mount a tmpfs at \(path): \(String(cString: strerror(errno)))")
        }
    }

    func resize(to kilobytes: Int) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0 else {
            throw TrialError("cannot resize the tmpfs at \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Lazily: a process that still has a file there does not keep it.
    func unmount() { _ = umount2(path, Int32(MNT_DETACH)) }
}
