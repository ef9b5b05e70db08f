import GRDB
import Runs

extension SharedCallBook {
    /// "IBPC" in ASCII (https://sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int32 = 0x4942_5043
    private static let version = 1

    /// clock: milliseconds of the boot's clock when the book was last written. content: `PackedFields`.
    private static let schema = """
        CREATE TABLE IF NOT EXISTS book (
            account TEXT NOT NULL PRIMARY KEY, boot TEXT NOT NULL, clock INTEGER NOT NULL, content BLOB NOT NULL
        ) STRICT;
        """

    /// Makes sure whose database it is, that it is as durable as is relied on, and that it has its table.
    static func settle(_ database: Database, path: String) throws {
        var application: Int32 = 0
        var found = 0
        // One transaction, so that a database that another process is just making is seen either empty or whole.
        try database.inTransaction(.deferred) {
            application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
            guard application == applicationID || (application == 0 && isEmpty) else {
                throw StoreMessages.damagedBook(path, "its application id is \(application)")
            }
            return .commit
        }
        guard found <= version else {
            throw StoreMessages.newerSchema(path, found: found, known: version)
        }
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") ?? "nothing"
        guard mode == "wal" else {
            throw StoreMessages.setting(path, "journal_mode", wanted: "wal", got: mode)
        }
        try database.execute(sql: "PRAGMA synchronous = FULL")
        guard found < version else { return }
        try database.inTransaction(.immediate) {
            try database.execute(sql: schema)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }
}
