import Intake
import Logging
import Pacing
import Runs
import Spool

/// Moves inputs that are done with to a job's archive. Whatever prevents it is a warning: the run is over, and its
/// next start would find the file and move it then.
struct Archiving: Sendable {
    /// nil leaves every file where it is.
    let folder: String?
    let logger: Logger

    /// Refused files go to `refused/` below the folder.
    func archive(_ input: InputRecord, claimedAt: WallTime, isRefused: Bool = false) {
        guard var folder else { return }
        if isRefused { folder += "/refused" }
        guard let inode = input.inode else {
            return warn(input.path, "it is not known which file was claimed")
        }
        do {
            let outcome = try Archive.move(input.path, inode: inode, sha256: input.sha256, into: folder)
            guard let moved = report(outcome, input.path) else { return }
            // Its control totals would be compared with the next file of that name.
            let totals = TotalsSidecar.path(of: input.path)
            let name = String(moved.split(separator: "/").last ?? "")
            _ = report(
                try Archive.moveCompanion(
                    totals, unchangedSince: claimedAt.milliseconds * 1_000_000, into: folder,
                    as: TotalsSidecar.path(of: name)), totals)
        } catch {
            warn(input.path, error.message)
        }
    }

    /// Where it is now, if it was moved.
    private func report(_ outcome: Archive.Outcome, _ path: String) -> String? {
        switch outcome {
        case .moved(let target):
            logger.info("archived", metadata: ["file": "\(path)", "to": "\(target)"])
            return target
        case .stays(let reason): warn(path, reason)
        case .gone: break
        }
        return nil
    }

    private func warn(_ path: String, _ reason: String) {
        logger.warning("not archived, it stays", metadata: ["file": "\(path)", "reason": "\(reason)"])
    }
}
