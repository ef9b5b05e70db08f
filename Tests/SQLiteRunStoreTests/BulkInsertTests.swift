import Foundation
import GRDB
import Testing

@testable import SQLiteRunStore

@Suite("Inserting many rows with one statement")
struct BulkInsertTests {
    private static let table = "CREATE TABLE t (n INTEGER PRIMARY KEY, i INTEGER, s TEXT, b BLOB) STRICT"

    private struct Values: Equatable {
        var n: Int64
        var i: Int64?
        var s: String?
        var b: [UInt8]?
    }

    private static func values(_ numbers: Range<Int>) -> [Values] {
        numbers.map { number in
            Values(
                n: Int64(number), i: [nil, .min, .max, 0][number % 4],
                s: [nil, "", "ünïcode 日本 🎈", "short", String(repeating: "long ", count: 99)][number % 5],
                b: [nil, [], [0, 255, 0]][number % 3])
        }
    }

    private static func insert(_ rows: [Values], _ database: Database) throws {
        var insert = try BulkInsert(database, into: "t", ["n", "i", "s", "b"], rows: rows.count)
        for row in rows {
            insert.bind(row.n)
            insert.bind(row.i)
            insert.bind(row.s)
            insert.bind(row.b)
            try insert.endRow()
        }
    }

    private static func stored(_ database: Database) throws -> [Values] {
        try Row.fetchAll(database, sql: "SELECT n, i, s, b FROM t ORDER BY n").map { row in
            Values(n: row[0], i: row[1], s: row[2], b: (row[3] as Data?).map(Array.init))
        }
    }

    @Test("every row is stored as it is, however many there are", arguments: [0, 1, 49, 50, 51, 100, 1_234])
    func all(rows: Int) throws {
        try DatabaseQueue().write { database in
            try database.execute(sql: Self.table)
            let (first, later) = (Self.values(0..<rows), Self.values(rows..<rows + 60))
            try Self.insert(first, database)
            #expect(try Self.stored(database) == first)
            // By the same statements.
            try Self.insert(later, database)
            #expect(try Self.stored(database) == first + later)
        }
    }

    @Test(
        "a row that is refused is told of with the statement of one row, and others follow",
        arguments: [3, 50])
    func refused(rows: Int) throws {
        let queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: Self.table) }
        let error = #expect(throws: DatabaseError.self) {
            try queue.write { database in
                var twice = Self.values(0..<rows)
                twice[rows - 1].n = 1
                try Self.insert(twice, database)
            }
        }
        #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY)
        #expect(error?.message == "UNIQUE constraint failed: t.n")
        #expect(error?.sql == "INSERT OR FAIL INTO t (n, i, s, b) VALUES (?, ?, ?, ?)")
        try queue.write { database in
            #expect(try Self.stored(database) == [])
            try Self.insert(Self.values(0..<rows), database)
            #expect(try Self.stored(database) == Self.values(0..<rows))
        }
    }
}
