import GRDB
import Instructions
import Pacing
import Runs

/// Writes settlements and keeps the run's sums: one write for each kind of row at the end, not one a row.
struct SettlementWriter: ~Copyable {
    /// Which rows may be settled.
    enum Precondition: String {
        /// "A late answer never changes a settled outcome" (resolving.md section 4).
        case isOpen = "outcome IS NULL"
        case isUnconfirmed = "outcome = 'unconfirmed'"
    }

    private let database: Database
    private let run: Int64
    private let precondition: Precondition
    private var update: BareStatement
    private var sums = OutcomeSums()

    init(_ database: Database, run: Int64, of precondition: Precondition) throws {
        self.database = database
        self.run = run
        self.precondition = precondition
        update = try BareStatement(
            database,
            sql: """
                UPDATE instruction SET outcome = ?, code = ?, message = ?, how_known = ?, status_before = ?,
                    status_after = ?, is_whole = ?, asked = ?, asked_currency = ?, applied = ?,
                    applied_currency = ?, remaining = ?, remaining_currency = ?, sends = ?, key = ?,
                    gateway_reference = ?, gateway_code = ?, http_status = ?, finished_at = ?
                WHERE run = ? AND row = ? AND \(precondition.rawValue)
                """)
    }

    mutating func write(_ settlement: Settlement) throws {
        update.bind(settlement.outcome.rawValue)
        update.bind(stored(settlement.code))
        update.bind(stored(settlement.message))
        update.bind(settlement.howKnown.rawValue)
        update.bind(stored(settlement.statusBefore))
        update.bind(stored(settlement.statusAfter))
        update.bind(settlement.isWhole)
        update.bind(settlement.asked)
        update.bind(settlement.applied)
        update.bind(settlement.remaining)
        update.bind(settlement.attempts)
        update.bind(settlement.key)
        update.bind(stored(settlement.gatewayReference))
        update.bind(stored(settlement.gatewayCode))
        update.bind(settlement.httpStatus)
        update.bind(settlement.finishedAt.milliseconds)
        update.bind(run)
        update.bind(settlement.row)
        try update.execute()
        guard database.changesCount == 1 else {
            throw StoreMessages.internalFault(
                "row \(settlement.row) does not satisfy \(precondition.rawValue), and was to be settled")
        }
        try sums.put(settlement)
    }

    /// Takes a settlement out of the sums that another one replaces.
    mutating func uncount(_ settlement: Settlement) throws { try sums.take(settlement) }

    /// Adds what was counted to the run's sums, in the same transaction.
    func addSums() throws {
        for sum in sums.sorted {
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO outcome_sum (run, action, currency, outcome, row_count, asked, applied)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET row_count = row_count + excluded.row_count,
                        asked = asked + excluded.asked, applied = applied + excluded.applied
                    """)
            try statement.execute(arguments: [
                run, sum.action?.rawValue ?? "", sum.currency?.code ?? "", sum.outcome.rawValue, sum.rows,
                sum.asked,
                sum.applied,
            ])
        }
    }
}
