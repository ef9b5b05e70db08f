import Testing

@testable import InstructionFiles

@Suite struct RoundedIDsTests {
    private func column(_ ids: some Sequence<String>) -> RoundedIDs {
        var column = RoundedIDs()
        for id in ids { column.visit(Array(id.utf8)) }
        return column
    }

    private func honest(_ count: Int, _ generator: inout SeededGenerator) -> [String] {
        (0..<count).map { _ in
            String(
                UInt64.random(in: 1_000_000_000_000_000_000...9_999_999_999_999_999_999, using: &generator))
        }
    }

    private func rounded(_ id: String) -> String {
        id.prefix(15) + String(repeating: "0", count: id.count - 15)
    }

    @Test(
        "How many rounded ids of 19 digits are no chance",
        arguments: [
            (1, 1), (2, 2), (3, 2), (10, 3), (100, 3), (1_000, 5), (10_000, 10), (100_000, 31),
        ])
    func thresholds(count: Int, needed: Int) {
        // The same sums for each number of hits, without a million strings: all ids are alike.
        func isProven(_ hits: Int) -> Bool {
            var column = RoundedIDs()
            let (good, bad) = (Array("1012411211459019101".utf8), Array("1012411211459020000".utf8))
            for index in 0..<count { column.visit(index < hits ? bad : good) }
            return column.isProven
        }
        #expect(isProven(needed) && !isProven(needed - 1))
    }

    @Test("Every rounded column is found, from the first row on", arguments: [1, 2, 3, 10, 1_000])
    func detection(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for _ in 0..<(10_000 / count) { #expect(column(honest(count, &generator).map(rounded)).isProven) }
    }

    @Test(
        "Shorter ids need more rows: four of 16 digits, two of 17 or 18",
        arguments: [(16, 4), (17, 2), (18, 2)])
    func shorter(digits: Int, rows: Int) {
        let id = "101241121145901" + String(repeating: "0", count: digits - 15)
        #expect(column(Array(repeating: id, count: rows)).isProven)
        #expect(!column(Array(repeating: id, count: rows - 1)).isProven)
    }

    @Test(
        "Honest columns are not taken for rounded ones, but for single rows that look so themselves",
        arguments: [1, 10, 100, 1_000, 100_000])
    func falseAlarms(size: Int) {
        var generator = SeededGenerator(seed: 7)
        let ids = honest(100_000, &generator)
        let alarms = stride(from: 0, to: ids.count, by: size).count { column(ids[$0..<($0 + size)]).isProven }
        let lookingSo = ids.count { $0.hasSuffix("0000") }
        #expect(lookingSo > 0 && alarms == (size == 1 ? lookingSo : 0))
    }

    @Test("Only plain numbers of more than 15 digits count")
    func others() {
        for id in [
            "", "101241121145900", "0101241121145900000", "int_1012411211459000", "1012411211459020000x",
        ] {
            #expect(RoundedIDs.isRounded(Array(id.utf8)) == nil)
        }
        #expect(column(["123000000000000", "10000000"]).ids == 0)
    }
}
