import Testing

@testable import InstructionFiles

@Suite struct FormulaGuardTests {
    @Test(
        "A guarded cell is no formula, and comes back as it was",
        arguments: [
            "=1+1", "+49 30", "-fine", "@name", "\tx", "'=y", "''=y", "'", "''", "'quoted'", "plain", "",
            "'-1",
        ])
    func roundTrip(text: String) {
        let cell = Array(text.utf8)
        let guarded = FormulaGuard.guarded(cell)
        #expect(guarded.first.map { !"=+-@\t\r".utf8.contains($0) } ?? true)
        let back = guarded.withUnsafeBufferPointer { Array(FormulaGuard.unguarded($0)) }
        #expect(back == cell)
    }
}
