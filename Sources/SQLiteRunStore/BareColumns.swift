import GRDB
import GRDBSQLite

extension Database {
    /// Steps through the rows of a query. It is prepared once.
    func forEachRow(
        _ sql: String, _ arguments: StatementArguments, _ body: (inout BareColumns) throws -> Void
    ) throws {
        let statement = try cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        while try cursor.next() != nil {
            var columns = BareColumns(of: statement.sqliteStatement)
            try body(&columns)
        }
    }
}

/// The columns of the row that a statement stands on, read from left to right where SQLite has them.
///
/// Own code beside GRDB's `Row`, which makes a `String` of each text and finds out anew how each column's type is
/// decoded: 10,000 instructions for a settled row.
///
/// What it lends is good "until a type conversion occurs, or until sqlite3_step() or sqlite3_reset() or
/// sqlite3_finalize() is called" (https://sqlite.org/c3ref/column_blob.html). Tables are STRICT, so that columns
/// have the type that they are read as.
struct BareColumns {
    private let statement: OpaquePointer
    private var next: Int32 = 0

    fileprivate init(of statement: OpaquePointer) { self.statement = statement }

    /// UTF-8, as the database is; nil for NULL. Of a text, sqlite3_column_blob gives the bytes as they are, where
    /// sqlite3_column_text may have to copy them to end them with a zero.
    mutating func optionalText() -> UnsafeBufferPointer<UInt8>? {
        defer { next += 1 }
        guard let bytes = sqlite3_column_blob(statement, next) else {
            // "The return value from sqlite3_column_blob() for a zero-length BLOB is a NULL pointer."
            return sqlite3_column_type(statement, next) == SQLITE_NULL
                ? nil : UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(
            start: bytes.assumingMemoryBound(to: UInt8.self),
            count: Int(sqlite3_column_bytes(statement, next)))
    }

    /// Passes over a column.
    mutating func skip() { next += 1 }

    /// 0 for NULL.
    mutating func int64() -> Int64 {
        defer { next += 1 }
        return sqlite3_column_int64(statement, next)
    }

    mutating func optionalInt64() -> Int64? {
        let place = next
        let number = int64()
        return number == 0 && sqlite3_column_type(statement, place) == SQLITE_NULL ? nil : number
    }
}
