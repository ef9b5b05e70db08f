import GRDB
import Runs

/// What the store tells people: what happened and what to do.
enum StoreMessages {
    static func sqlite(_ error: DatabaseError, path: String) -> RunStoreError {
        let said = "SQLite says: \(error.message ?? "nothing") (code \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return RunStoreError(
                code: .busy,
                message: "Another process holds the database \(path). \(said). "
                    + "Wait until it has ended, then start again.")
        // A full disk may be reported as an I/O error.
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_NOMEM:
            return RunStoreError(
                code: .disk,
                message: "The database \(path) cannot be written or read. \(said). "
                    + "Nothing of this step was kept. Make room or mend the disk, then resume.")
        case _ where isDamage(error):
            return damaged(path, said)
        default:
            return internalFault("\(said); statement: \(error.sql ?? "none")")
        }
    }

    static func isDamage(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_SCHEMA, .SQLITE_PERM, .SQLITE_AUTH: true
        default: false
        }
    }

    static func damaged(_ path: String, _ what: String) -> RunStoreError {
        unusable(
            "The database \(path) is damaged or no intentbatch store: \(what). Nothing was changed. "
                + "Restore the whole state directory from a backup, or name another with --state.")
    }

    static func unknownRun(_ path: String, _ name: String) -> RunStoreError {
        unusable(
            "The database \(path) does not know the run \(name), which was worked on in its state directory: the "
                + "database was removed, cut off or replaced, or its -wal file is another's. Nothing was changed. "
                + "Restore the whole state directory from a backup, or name another with --state.")
    }

    static func damagedBook(_ path: String, _ what: String) -> RunStoreError {
        unusable(
            "The call book \(path) is damaged or of another program: \(what). No run depends on it, but the "
                + "account's limits do, so nothing is called. When no intentbatch works on this state directory, "
                + "remove it with its -wal and -shm; every window then counts as used up, once.")
    }

    static func newerSchema(_ path: String, found: Int, known: Int) -> RunStoreError {
        unusable(
            "The database \(path) was written by a newer intentbatch (schema \(found), "
                + "this one knows \(known)). Nothing was changed. Install that version or a later one.")
    }

    static func otherMachine(_ path: String) -> RunStoreError {
        unusable(
            "The state directory of \(path) belongs to another machine. Its promises hold on one "
                + "machine only: two copies would act on the same payments. Run there, or name another "
                + "directory with --state. If that machine is gone for good and this is its only copy: "
                + "sqlite3 '\(path)' \"DELETE FROM fact WHERE name = 'machine'\", then start again.")
    }

    static func networkFileSystem(_ directory: String, _ kind: String) -> RunStoreError {
        unusable(
            "The state directory \(directory) is on a network file system (\(kind)), where locks cannot be "
                + "trusted. Name a directory on a local disk with --state.")
    }

    static func setting(_ path: String, _ name: String, wanted: String, got: String) -> RunStoreError {
        unusable(
            "The database \(path) does not take the setting \(name) = \(wanted) (it says \(got)), "
                + "without which commits are not safe. Name a state directory on a local disk with --state."
        )
    }

    static func system(_ action: String, _ path: String, _ reason: String) -> RunStoreError {
        unusable(
            "Cannot \(action) \(path): \(reason). Mend it, or name another state directory with --state.")
    }

    static func inputTaken(by run: String, state: String) -> RunStoreError {
        RunStoreError(
            code: .inputTaken,
            message: "This input already has the run \(run) (\(state)). See it: show \(run).")
    }

    static func noSuchRun(_ prefix: String) -> RunStoreError {
        RunStoreError(
            code: .noSuchRun, message: "There is no run named \(prefix). The command `runs` lists them all.")
    }

    static func ambiguousName(_ prefix: String, _ names: [String]) -> RunStoreError {
        RunStoreError(
            code: .ambiguousName,
            message:
                "Several runs begin with \(prefix): \(names.joined(separator: ", ")). Write more of the name."
        )
    }

    static func internalFault(_ what: String) -> RunStoreError {
        RunStoreError(
            code: .internalFault,
            message: "The store was used against its rules: \(what). Nothing of this step was kept. "
                + "This is a bug of intentbatch; please report it.")
    }

    private static func unusable(_ message: String) -> RunStoreError {
        RunStoreError(code: .unusable, message: message)
    }
}
