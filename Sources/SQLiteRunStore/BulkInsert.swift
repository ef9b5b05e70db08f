import GRDB
import GRDBSQLite

/// Inserts rows of one table, many with each step of a statement: `INSERT INTO … VALUES (…), (…), …`.
///
/// A statement of one row opens the table and all its indices and looks for the row's place from each root; in a
/// statement of many the cursors stay where the row before went. Values are bound through SQLite's own interface,
/// because GRDB's takes them as an array of existentials. Measured on `instruction`, which has eight b-trees: 18,000
/// instructions a row in place of 56,000.
struct BulkInsert: ~Copyable {
    /// Beyond it a row costs the same.
    static let rowsPerStep = 50
    /// Bytes for the texts of a step. What does not fit, SQLite copies.
    private static var lentCapacity: Int { 32_768 }

    private let columns: Int
    private let one: Statement
    private let many: Statement
    /// Rows that are still to come.
    private var remaining: Int
    /// In the statement that the next values are bound to.
    private var boundRows = 0
    private var boundValues: Int32 = 0
    private var bindFault = SQLITE_OK
    /// Texts, until the step that takes them is over.
    private let lent: UnsafeMutablePointer<CChar>
    private var lentCount = 0

    /// - Parameter rows: as many will follow.
    init(_ database: Database, into table: String, _ columns: [String], rows: Int) throws {
        let insert = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
        let values = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        let one = try database.cachedStatement(sql: insert + values)
        let many = try database.cachedStatement(
            sql: insert + Array(repeating: values, count: Self.rowsPerStep).joined(separator: ", "))
        // GRDB is told that what it does not know of is bound.
        for statement in [one, many] { statement.setUncheckedArguments(StatementArguments()) }
        self.columns = columns.count
        self.one = one
        self.many = many
        remaining = rows
        lent = .allocate(capacity: Self.lentCapacity)
    }

    deinit {
        // The statements are used again and must not know this memory any longer.
        for statement in [one, many] { sqlite3_clear_bindings(statement.sqliteStatement) }
        lent.deallocate()
    }

    private var rowsOfStep: Int { boundRows + remaining < Self.rowsPerStep ? 1 : Self.rowsPerStep }
    private var statement: Statement { rowsOfStep == 1 ? one : many }

    /// "Unbound parameters are interpreted as NULL" (https://sqlite.org/c3ref/bind_blob.html).
    mutating func bindNull() { boundValues += 1 }

    mutating func bind(_ number: Int64?) {
        boundValues += 1
        guard let number else { return }
        note(sqlite3_bind_int64(statement.sqliteStatement, boundValues, number))
    }

    mutating func bind(_ number: Int) { bind(Int64(number)) }

    mutating func bind(_ text: String?) {
        boundValues += 1
        guard var text else { return }
        let (statement, index, free) = (statement.sqliteStatement, boundValues, lent + lentCount)
        let isLent = text.utf8.count <= Self.lentCapacity - lentCount
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

    /// Every column has its value. What SQLite says of a row may be thrown with a later one, never after the last.
    mutating func endRow() throws {
        let (statement, rowsOfStep) = (statement, rowsOfStep)
        remaining -= 1
        boundRows += 1
        let (values, bound) = (columns * boundRows, Int(boundValues))
        precondition(values == bound, "a row has another number of values")
        guard boundRows == rowsOfStep else { return }
        guard bindFault == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: bindFault), sql: one.sql)
        }
        do {
            try statement.execute()
        } catch let error as DatabaseError {
            throw DatabaseError(resultCode: error.extendedResultCode, message: error.message, sql: one.sql)
        }
        boundRows = 0
        boundValues = 0
        lentCount = 0
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
