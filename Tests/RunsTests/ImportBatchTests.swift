import Instructions
import Runs
import Testing

@Suite("The batches of an import")
struct ImportBatchTests {
    @Test("every row whose intent came before recurs, and few others do", arguments: [1, 7, 1_000])
    func recurring(batchRows: Int) {
        var batches = ImportBatches()
        var seen: Set<String> = []
        var shared: Set<Int> = []
        var recurring: Set<Int> = []
        var generator = SystemRandomNumberGenerator()
        for row in 1...20_000 {
            let intentID = "pi_\(UInt32.random(in: 0..<100_000, using: &generator))"
            if !seen.insert(intentID).inserted { shared.insert(row) }
            if row.isMultiple(of: 5) {
                var faulty = FaultyRow(row: row, line: row + 1)
                faulty.intentID = intentID
                batches.add(RejectedRow(row: faulty, code: "duplicate", message: "as before"))
            } else {
                batches.add(
                    Instruction(
                        row: row, line: row + 1, action: .cancel, intentID: intentID,
                        requested: .everything(nil))
                )
            }
            guard batches.rows == batchRows else { continue }
            recurring.formUnion(batches.take().recurring)
        }
        recurring.formUnion(batches.take().recurring)
        #expect(shared.isSubset(of: recurring))
        // Three marks in one of 65,536 blocks of 512 bits: 0.001 rows in the mean; with one mark it would be 6.
        #expect(recurring.count - shared.count < 3)
    }

    @Test("a batch has the rows since the one before, and a row without an intent recurs never")
    func taken() {
        var batches = ImportBatches()
        for row in 1...3 {
            batches.add(
                RejectedRow(row: FaultyRow(row: row, line: row), code: "action_missing", message: "blank"))
        }
        #expect(batches.rows == 3)
        let batch = batches.take()
        #expect(batch.rejected.map(\.row.row) == [1, 2, 3] && batch.recurring.isEmpty)
        #expect(batches.rows == 0 && batches.take().rows == 0)
    }
}
