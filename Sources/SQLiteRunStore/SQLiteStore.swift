import GRDB
import Glibc
import Instructions
import Runs

/// The store of one state directory: an SQLite database in WAL mode with synchronous FULL.
///
/// One connection in this process does all work, one access after another, so that what is read reflects
/// every earlier commit. Other processes may have the same database open; writes then take turns (BEGIN
/// IMMEDIATE) and wait for each other a while. What a call returns is on disk: "With synchronous=FULL in WAL
/// mode, an additional sync operation of the WAL file happens after each transaction commit"
/// (https://sqlite.org/pragma.html#pragma_synchronous).
package final class SQLiteStore: Sendable {
    /// Absolute or relative path of `intentbatch.sqlite`.
    package let path: String
    let facts: ProcessFacts
    let isExecuting: @Sendable (String) -> Bool
    private let queue: DatabaseQueue

    /// Opens the store, and makes or upgrades it where needed. `isExecuting` says whether a living process
    /// works on the run of that name; it is called inside a transaction, so it must be quick and not touch
    /// the store. Another process's transaction is waited for as long as `busyTimeout` says before `.busy` is
    /// thrown. `worked` are names of runs that the directory has other traces of; a store that does not know
    /// them is not the directory's. Throws `RunStoreError` with `.unusable`, `.busy` or `.disk`.
    package init(
        directory: String, facts: ProcessFacts = .current(), busyTimeout: Duration = .seconds(10),
        worked: [String] = [], isExecuting: @escaping @Sendable (_ runName: String) -> Bool
    ) throws {
        path = directory + "/intentbatch.sqlite"
        self.facts = facts
        self.isExecuting = isExecuting
        try StateDirectory.prepare(directory, database: path)
        queue = try Self.translating(path) { [path] in
            try Self.retryingWhileBusy(for: busyTimeout) {
                if !worked.isEmpty { try Self.refuseUnlessKnown(worked, path, facts, busyTimeout) }
                let queue = try DatabaseQueue(path: path, configuration: Self.configuration(busyTimeout))
                try queue.inDatabase { try SchemaCheck(path: path, facts: facts).settle($0) }
                return queue
            }
        }
    }

    /// By a connection that only reads: closing it cannot move a WAL that is another store's into the database,
    /// which a connection that may write does when it is the last (https://sqlite.org/wal.html section 4).
    private static func refuseUnlessKnown(
        _ runs: [String], _ path: String, _ facts: ProcessFacts, _ busyTimeout: Duration
    ) throws {
        var configuration = configuration(busyTimeout)
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        try queue.read { try SchemaCheck(path: path, facts: facts).refuseUnlessKnown(runs, $0) }
    }

    /// While another process makes the store, recovers its WAL, or closes it last, SQLite reports busy at
    /// once instead of waiting (https://sqlite.org/wal.html section 9).
    static func retryingWhileBusy<Value>(for timeout: Duration, _ work: () throws -> Value) throws
        -> Value
    {
        let deadline = ContinuousClock.now + timeout
        while true {
            do {
                return try work()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                guard ContinuousClock.now < deadline else { throw error }
                usleep(10_000)
            }
        }
    }

    /// Closes the connection. The last one to close moves the WAL into the database and removes it
    /// (https://sqlite.org/wal.html section 4).
    package func close() throws {
        try Self.translating(path) { try queue.close() }
    }

    /// GRDB would set synchronous = NORMAL if it were told to set WAL mode, so `SchemaCheck` does both.
    private static func configuration(_ busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "intentbatch"
        // SQLite's own handler soon looks every 100 ms only, and would miss the moments between the batches of an
        // import.
        let looks = Int(busyTimeout / .milliseconds(1))
        configuration.busyMode = .callback { look in
            usleep(1_000)
            return look < looks
        }
        configuration.foreignKeysEnabled = true
        return configuration
    }

    /// One transaction that takes the write lock at its start: "BEGIN IMMEDIATE" never fails in its middle
    /// because another process wrote meanwhile (https://sqlite.org/lang_transaction.html section 2.2). Rolled
    /// back when `work` throws. Never cancelled half way: a commit that was asked for is either done or
    /// refused by the disk.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await transaction(.immediate, work)
    }

    /// The same without the foreign keys, for rows whose parents `work` has looked at itself. A statement of many rows
    /// then looks up no parent for each of them, and needs no statement journal
    /// (https://sqlite.org/tempfiles.html).
    func writeWithoutForeignKeys<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await access { database in
            // "This pragma is a no-op within a transaction" (https://sqlite.org/pragma.html#pragma_foreign_keys).
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            let value = Result { try Self.inTransaction(.immediate, database, work) }
            try database.execute(sql: "PRAGMA foreign_keys = ON")
            return try value.get()
        }
    }

    /// One read transaction that ends with the call, so that the WAL can be checkpointed.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await transaction(.deferred, work)
    }

    private func transaction<Value: Sendable>(
        _ kind: Database.TransactionKind, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await access { try Self.inTransaction(kind, $0, work) }
    }

    private static func inTransaction<Value>(
        _ kind: Database.TransactionKind, _ database: Database, _ work: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try database.inTransaction(kind) {
            value = try work(database)
            return .commit
        }
        guard let value else { throw StoreMessages.internalFault("a transaction without a result") }
        return value
    }

    private func access<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { [path] database in
                continuation.resume(with: Result { try Self.translating(path) { try work(database) } })
            }
        }
    }

    /// Runs the work and turns what SQLite, GRDB or a decoder throws into a `RunStoreError`.
    static func translating<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw StoreMessages.sqlite(error, path: path)
        } catch let overflow as OutcomeSums.Overflow {
            throw StoreMessages.internalFault(
                "the sum of \(overflow.currency?.code ?? "amounts") does not fit 64-bit minor units")
        } catch let fault as PackedFault {
            throw StoreMessages.damaged(path, "packed fields do not read on from byte \(fault.offset)")
        } catch let fault as DecodingFault {
            throw StoreMessages.damaged(path, "unknown value in \(fault.column)")
        }
    }
}
