import GRDB
package import Pacing
package import Runs

extension SQLiteStore: RunHistory {
    package func runs() async throws -> [RunRecord] {
        try await read { try Self.runs($0, where: "1", []) }
    }

    package func run(named prefix: String) async throws -> RunRecord {
        let found = try await read { database in
            // A name cannot be before its own prefix, so the unique index on names narrows it down.
            try Self.runs(
                database, where: "r.name >= ?1 AND substr(r.name, 1, length(?1)) = ?1 AND ?1 <> ''", [prefix])
        }
        if let exact = found.first(where: { $0.name == prefix }) { return exact }
        guard let run = found.first else { throw StoreMessages.noSuchRun(prefix) }
        guard found.count == 1 else {
            throw StoreMessages.ambiguousName(prefix, found.prefix(5).map(\.name))
        }
        return run
    }

    package func sums(of run: RunRecord) async throws -> [OutcomeSum] {
        try await read { database in
            var sums = OutcomeSums(
                try database.rows(
                    """
                    SELECT action, currency, outcome, row_count, asked, applied FROM outcome_sum
                    WHERE run = ? AND row_count <> 0 ORDER BY action, currency, outcome
                    """, [run.id]
                ) { try $0.outcomeSum() })
            for settlement in try Superseded.replacements(database, of: run) { try sums.take(settlement) }
            for settlement in try Superseded.settlements(database, of: run, rows: 0...Int.max).values {
                try sums.put(settlement)
            }
            return sums.sorted
        }
    }

    package func settlements(of run: RunRecord, after row: Int, limit: Int) async throws -> [Settlement] {
        try await read { try Self.settlements($0, of: run, after: row, limit: limit) }
    }

    package func settledPage(of run: RunRecord, after row: Int, limit: Int) async throws -> SettledPage {
        try await read { database in
            let page = try SettledRows.page(database, run: run.id, after: row, limit: limit)
            guard let first = page.firstRow, let last = page.lastRow else { return page }
            let older = try Superseded.settlements(database, of: run, rows: first...last)
            guard !older.isEmpty else { return page }
            return SettledPage(try Self.settlements(database, of: run, after: row, limit: limit))
        }
    }

    private static func settlements(
        _ database: Database, of run: RunRecord, after row: Int, limit: Int
    ) throws -> [Settlement] {
        let settlements = try database.rows(
            """
            SELECT \(Columns.settlement) FROM instruction
            WHERE run = ? AND row > ? AND outcome IS NOT NULL ORDER BY row LIMIT ?
            """, [run.id, row, limit]
        ) { try $0.settlement() }
        guard let first = settlements.first?.row, let last = settlements.last?.row else { return [] }
        let older = try Superseded.settlements(database, of: run, rows: first...last)
        return older.isEmpty ? settlements : settlements.map { older[$0.row] ?? $0 }
    }

    package func attempts(of run: RunRecord, row: Int) async throws -> [Attempt] {
        try await read { try Self.attempts($0, run: run.id, row: row) }
    }

    package func intentIDs(of run: RunRecord, rows: [Int]) async throws -> [Int: String] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT intent_id FROM instruction WHERE run = ? AND row = ?")
            var found: [Int: String] = [:]
            for row in Set(rows) {
                let id = try String.fetchOne(statement, arguments: [run.id, row])
                if let id, !id.isEmpty { found[row] = id }
            }
            return found
        }
    }

    package func attemptCounts(
        of run: RunRecord, from start: WallTime, every milliseconds: Int64, stretches: Int
    ) async throws -> [Int] {
        try await read { database in
            // Counted here, since GROUP BY would sort them all.
            var counts = Array(repeating: 0, count: stretches)
            try database.forEachRow("SELECT opened_at FROM attempt WHERE run = ?", [run.id]) { columns in
                let stretch = (columns.int64() - start.milliseconds) / milliseconds
                counts[Int(max(0, min(Int64(stretches - 1), stretch)))] += 1
            }
            return counts
        }
    }

    static func attempts(_ database: Database, run: Int64, row: Int) throws -> [Attempt] {
        try database.rows(
            "SELECT \(Columns.attempt) FROM attempt WHERE run = ? AND row = ? ORDER BY number", [run, row]
        ) { try $0.attempt() }
    }

    /// Newest first.
    static func runs(
        _ database: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> [RunRecord] {
        try database.rows(
            """
            SELECT \(Columns.run) FROM run r JOIN account a ON a.id = r.account
            WHERE \(condition) ORDER BY r.created_at DESC, r.id DESC
            """, arguments
        ) { try $0.run() }
    }

    static func run(_ database: Database, id: Int64) throws -> RunRecord {
        guard let run = try runs(database, where: "r.id = ?", [id]).first else {
            throw StoreMessages.internalFault("run number \(id) is not in the store")
        }
        return run
    }

    static func newestRun(_ database: Database, identity: String, sha256: String) throws -> RunRecord? {
        try runs(database, where: "a.identity = ? AND r.input_sha256 = ?", [identity, sha256])
            .max { ($0.again?.number ?? 0) < ($1.again?.number ?? 0) }
    }
}

extension SQLiteStore {
    /// Runs that are finished or abandoned.
    package func namesOfEndedRuns() async throws -> Set<String> {
        try await read { database in
            try String.fetchSet(
                database, sql: "SELECT name FROM run WHERE state IN ('finished', 'abandoned')")
        }
    }
}
