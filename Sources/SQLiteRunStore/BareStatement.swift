import GRDB
import GRDBSQLite
import Instructions

/// A statement that is executed for every row, with values bound through SQLite's own interface.
///
/// GRDB's takes them as an array of existentials; with the rows that it gave, that was half of the store's time in a run
/// (perf). GRDB prepares and keeps the statement.
struct BareStatement: ~Copyable {
    private let statement: Statement
    private let sql: String
    private(set) var boundValues: Int32 = 0
    private var bindFault = SQLITE_OK
    /// Texts, until the statement is executed. What does not fit, SQLite copies.
    private let lent: UnsafeMutablePointer<CChar>
    private let lentCapacity: Int
    private var lentCount = 0

    /// - Parameters:
    ///   - namedInErrors: what errors tell in place of the statement.
    ///   - textCapacity: bytes that the texts of one execution usually take at most.
    init(
        _ database: Database, sql: String, namedInErrors: String? = nil, textCapacity: Int = 4_096
    ) throws {
        statement = try database.cachedStatement(sql: sql)
        self.sql = namedInErrors ?? sql
        lentCapacity = textCapacity
        lent = .allocate(capacity: textCapacity)
    }

    deinit {
        // The statement is used again and must not know this memory any longer.
        clear()
        lent.deallocate()
    }

    /// "Unbound parameters are interpreted as NULL" (https://sqlite.org/c3ref/bind_blob.html).
    mutating func bindNull() { boundValues += 1 }

    mutating func bind(_ number: Int64?) {
        boundValues += 1
        guard let number else { return }
        note(sqlite3_bind_int64(statement.sqliteStatement, boundValues, number))
    }

    mutating func bind(_ number: Int?) { bind(number.map { Int64($0) }) }

    mutating func bind(_ isTrue: Bool?) { bind(isTrue.map { $0 ? Int64(1) : 0 }) }

    mutating func bind(_ text: String?) {
        boundValues += 1
        guard var text else { return }
        let (statement, index, free) = (statement.sqliteStatement, boundValues, lent + lentCount)
        let isLent = text.utf8.count <= lentCapacity - lentCount
        if isLent { lentCount += text.utf8.count }
        note(
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    let count = Int32(characters.count)
                    guard isLent else {
                        return sqlite3_bind_text(statement, index, characters.baseAddress, count, Self.copied)
                    }
                    // An empty text may have no address, and would be NULL without one.
                    if let start = characters.baseAddress {
                        free.initialize(from: start, count: characters.count)
                    }
                    return sqlite3_bind_text(statement, index, free, count, nil)
                }
            })
    }

    mutating func bind(_ bytes: [UInt8]?) {
        boundValues += 1
        guard let bytes else { return }
        note(
            sqlite3_bind_blob(
                statement.sqliteStatement, boundValues, bytes, Int32(bytes.count), Self.copied))
    }

    /// An amount and its currency, in two columns.
    mutating func bind(_ money: Money?) {
        bind(money?.minorUnits)
        bind(money?.currency.code)
    }

    /// Executes it with the values bound since the last time, of which there are as many as it has parameters.
    mutating func execute() throws {
        precondition(
            boundValues == sqlite3_bind_parameter_count(statement.sqliteStatement),
            "another number of values than parameters")
        let code = bindFault == SQLITE_OK ? sqlite3_step(statement.sqliteStatement) : bindFault
        guard code == SQLITE_DONE else {
            // What was bound after the fault has replaced the message.
            let message =
                bindFault == SQLITE_OK
                ? String(cString: sqlite3_errmsg(sqlite3_db_handle(statement.sqliteStatement))) : nil
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
        }
        clear()
        boundValues = 0
        lentCount = 0
    }

    private func clear() {
        // The code of a reset is that of the step before.
        sqlite3_reset(statement.sqliteStatement)
        sqlite3_clear_bindings(statement.sqliteStatement)
    }

    private mutating func note(_ code: Int32) {
        if code != SQLITE_OK { bindFault = code }
    }

    /// SQLITE_TRANSIENT, a cast that Swift does not import: "SQLite will make a private copy of the data"
    /// (https://sqlite.org/c3ref/c_static.html).
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
