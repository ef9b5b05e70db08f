import GRDB
import Runs

/// What is made sure of before the store is used: whose database it is, its settings, its schema, its
/// machine.
struct SchemaCheck {
    let path: String
    let facts: ProcessFacts

    /// Throws before anything is changed when the file is not ours, of a newer schema, or of another machine.
    func settle(_ database: Database) throws {
        // One transaction, so that a store that another process is just making is seen either empty or whole.
        try database.inTransaction(.deferred) {
            try refuseForeign(database)
            return .commit
        }
        try setDurability(database)
        try upgrade(database)
    }

    /// Throws when the store is not that of a directory where those runs were worked on: it was removed, cut to
    /// nothing, put back alone from a backup, or overlaid by another store's WAL, which SQLite cannot tell from
    /// its own (https://sqlite.org/howtocorrupt.html section 1.4).
    func refuseUnlessKnown(_ runs: [String], _ database: Database) throws {
        try refuseForeign(database)
        let known =
            try schemaVersion(database) == 0
            ? [] : Set(String.fetchAll(database, sql: "SELECT name FROM run"))
        if let unknown = runs.sorted().last(where: { !known.contains($0) }) {
            throw StoreMessages.unknownRun(path, unknown)
        }
    }

    private func refuseForeign(_ database: Database) throws {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard application == Schema.applicationID || (application == 0 && isEmpty) else {
            throw StoreMessages.damaged(path, "its application id is \(application)")
        }
        let version = try schemaVersion(database)
        guard version <= Schema.newestVersion else {
            throw StoreMessages.newerSchema(path, found: version, known: Schema.newestVersion)
        }
        if version > 0, let machine = try recordedMachine(database), let here = facts.machineID,
            machine != here
        {
            throw StoreMessages.otherMachine(path)
        }
    }

    /// Of a new store; an older one keeps its own. Twice SQLite's default makes an import a tenth faster, and a commit of
    /// one row writes half as much again.
    static let pageSize = 8_192

    /// WAL stays set in the file; synchronous belongs to the connection and is read back, because everything
    /// that is promised rests on it. 2 is FULL (https://sqlite.org/pragma.html#pragma_synchronous).
    private func setDurability(_ database: Database) throws {
        try database.execute(sql: "PRAGMA page_size = \(Self.pageSize)")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") ?? "nothing"
        guard mode == "wal" else {
            throw StoreMessages.setting(path, "journal_mode", wanted: "wal", got: mode)
        }
        try database.execute(sql: "PRAGMA synchronous = FULL")
        for (name, wanted) in [("synchronous", 2), ("foreign_keys", 1)] {
            let got = try Int.fetchOne(database, sql: "PRAGMA \(name)")
            guard got == wanted else {
                throw StoreMessages.setting(
                    path, name, wanted: String(wanted), got: got.map(String.init) ?? "nothing")
            }
        }
    }

    /// The steps that are missing, in one transaction: both numbers are in the header page, so they are part
    /// of it. Of several processes that start at once one takes them, the others then find them taken.
    private func upgrade(_ database: Database) throws {
        let isCurrent = try schemaVersion(database) == Schema.newestVersion
        if isCurrent, try recordedMachine(database) != nil || facts.machineID == nil { return }
        try database.inTransaction(.immediate) {
            for step in Schema.steps.dropFirst(try schemaVersion(database)) {
                try database.execute(sql: step)
            }
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(Schema.newestVersion)")
            if let machine = facts.machineID {
                try database.execute(
                    sql: "INSERT INTO fact (name, value) VALUES ('machine', ?) ON CONFLICT DO NOTHING",
                    arguments: [machine])
            }
            return .commit
        }
    }

    private func schemaVersion(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    private func recordedMachine(_ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'machine'")
    }
}
