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

    /// Where the input is now, if it was moved. Refused files go to `refused/` below the folder.
    @discardableResult
    func archive(_ input: InputRecord, claimedAt: WallTime, isRefused: Bool = false) -> String? {
        guard var folder else { return nil }
        if isRefused { folder += "/refused" }
        guard let inode = input.inode else {
            warn(input.path, "it is not known which file was claimed")
            return nil
        }
        let moved = attempt(input.path) { () throws(SpoolError) in
            try Archive.move(input.path, inode: inode, sha256: input.sha256, into: folder)
        }
        guard let moved else { return nil }
        // Its control totals would be compared with the next file of that name.
        let totals = TotalsSidecar.path(of: input.path)
        let name = TotalsSidecar.path(of: String(moved.split(separator: "/").last ?? ""))
        _ = attempt(totals) { () throws(SpoolError) in
            try Archive.moveCompanion(
                totals, unchangedSince: claimedAt.milliseconds * 1_000_000, into: folder, as: name)
        }
        return moved
    }

    /// Where it is now, if it was moved.
    private func attempt(
        _ path: String, move: () throws(SpoolError) -> Archive.Outcome
    ) -> String? {
        do {
            switch try move() {
            case .moved(let target):
                logger.info("archived", metadata: ["file": "\(path)", "to": "\(target)"])
                return target
            case .stays(let reason): warn(path, reason)
            case .gone: break
            }
        } catch {
            warn(path, error.message)
        }
        return nil
    }

    private func warn(_ path: String, _ reason: String) {
        logger.warning("not archived, it stays", metadata: ["file": "\(path)", "reason": "\(reason)"])
    }
}
