import GRDB
import Pacing
import Runs
import Testing

@testable import SQLiteRunStore

@Suite("Reading what a query gives")
struct ColumnsTests {
    @Test("values come as they are stored, in order, and NULL is no 0 and no empty text")
    func values() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let rows = try await store.read { database in
            try database.rows(
                "SELECT 1 AS n, 0, NULL, ?1, '', NULL, x'00ff', NULL UNION ALL SELECT 2, -1, 7, 'ü', 'b', 'c', x'', x'01' ORDER BY n",
                ["a"]
            ) { columns in
                (
                    columns.int(), columns.int64(), columns.optionalInt(), columns.text(),
                    columns.optionalText(), columns.optionalText(), columns.optionalBytes(),
                    columns.optionalBytes()
                )
            }
        }
        try #require(rows.count == 2)
        #expect(rows[0].0 == 1 && rows[0].1 == 0 && rows[0].2 == nil && rows[0].3 == "a")
        #expect(
            rows[0].4 == "" && rows[0].5 == nil && rows[0].6 == [0x00, 0xFF] && rows[0].7 == nil)
        #expect(rows[1].0 == 2 && rows[1].1 == -1 && rows[1].2 == 7 && rows[1].3 == "ü")
        #expect(rows[1].4 == "b" && rows[1].5 == "c" && rows[1].6 == [] && rows[1].7 == [0x01])
        try store.close()
    }

    @Test("a NULL where a value always stands is damage, not 0 or nothing", arguments: [0, 1, 2, 3])
    func missing(kind: Int) async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let error = await #expect(throws: RunStoreError.self) {
            try await store.read { database in
                try database.rows("SELECT NULL", []) { columns in
                    switch kind {
                    case 0: "\(columns.int())"
                    case 1: "\(columns.int64())"
                    case 2: columns.text()
                    default: "\(columns.time())"
                    }
                }
            }
        }
        #expect(error?.code == .unusable)
        try store.close()
    }
}
