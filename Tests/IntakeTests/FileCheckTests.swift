import Instructions
import Pacing
import Testing

@testable import Intake

/// A problem without its sentences.
private struct Mark: Hashable {
    let code: String
    let row: Int
}

@Suite struct FileCheckTests {
    private static let header = "action,intent_id,amount,currency,reference,line_items\n"

    private func check(
        _ rows: String, memoryRows: Int = 100_000, problemLimit: Int = 10_000,
        pairRules: [any PairRule] = [DuplicateRule(), ReferenceRule(), ConflictRule()]
    ) throws -> CheckResult {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.header + rows)
        let result = try FileCheck(
            rules: CheckRules(), temporaryDirectory: directory.path, memoryRows: memoryRows,
            problemLimit: problemLimit, pairRules: pairRules
        ).check(path: path)
        #expect(directory.names(in: ".") == ["input.csv"], "no temporary file stays")
        return result
    }

    private func marks(_ result: CheckResult) -> [Mark] {
        result.problems.map { Mark(code: $0.code, row: $0.row ?? 0) }
    }

    @Test("Amounts that do not add up in 64 bits refuse the file: its run could never end")
    func sumTooLarge() throws {
        let largest = "capture,a,92233720368547758.07,USD,,"
        #expect(try check(largest + "\ncapture,b,1,EUR,,\n").problems.isEmpty)
        let result = try check(largest + "\ncapture,b,0.01,USD,,\n")
        #expect(marks(result) == [Mark(code: "sum_too_large", row: 0)])
        #expect(result.problems.first?.message.contains("capture USD") == true)
    }

    @Test(
        "The later of two rows that ask for the same is a duplicate",
        arguments: [
            ("cancel,a,,,,|cancel,a,,,,", [("duplicate", 2)]),
            ("cancel,a,,,,|cancel,b,,,,", []),
            ("cancel,a,all,EUR,,|cancel,a,,,,", [("duplicate", 2)]),
            ("cancel,a,,,R1,|cancel,a,,,,", [("duplicate", 2)]),
            ("cancel,a,,,,|cancel,a,,,R1,", [("duplicate", 2)]),
            ("cancel,a,,,R1,|cancel,a,,,R2,", []),
            ("cancel,a,,,R1,|cancel,a,,,R1,", [("duplicate", 2), ("reference_duplicate", 2)]),
            ("cancel,a,,,R1,|cancel,a,,,R2,|cancel,a,,,,", [("duplicate", 3)]),
            ("capture,a,1.50,EUR,,|capture,a,1.5,EUR,,", [("duplicate", 2)]),
            ("capture,a,1.50,EUR,,|capture,a,1.50,USD,,", []),
            ("capture,a,1.50,EUR,,|capture,a,1.51,EUR,,", []),
            ("capture,a,1,JPY,,|cancel,a,1,JPY,,", []),
            ("capture,a,3,EUR,,x=1;y=2|capture,a,3,EUR,,y=2;x=1", [("duplicate", 2)]),
            ("capture,a,3,EUR,,x=1;y=2|capture,a,3,EUR,,x=2;y=1", []),
            ("capture,a,3,EUR,,x=1;y=2|capture,a,3,EUR,,", []),
            ("cancel,a,,,,|cancel,a,,,,|cancel,a,,,,", [("duplicate", 2), ("duplicate", 3)]),
            ("cancel,a,,,R1,|cancel,b,,,R1,", [("reference_duplicate", 2)]),
            ("cancel,a,,,R1,|cancel,b,,,r1,", []),
            ("cancel,a,,,,|capture,a,all,,,", [("conflict", 2)]),
            ("capture,a,all,,R1,|cancel,a,,,R2,", [("conflict", 2)]),
            ("cancel,a,,,,|capture,a,1,EUR,,", []),
            (
                "cancel,a,,,,|capture,a,all,,,|cancel,a,,,,",
                [("conflict", 2), ("duplicate", 3), ("conflict", 3)]
            ),
            (
                "cancel,a,,,,||void,a,,,,|cancel,a,,,,",
                [("blank_row", 2), ("action_unknown", 3), ("duplicate", 4)]
            ),
        ] as [(String, [(String, Int)])])
    func pairs(rows: String, expected: [(String, Int)]) throws {
        let text = rows.replacing("|", with: "\n")
        let wanted = expected.map { Mark(code: $0.0, row: $0.1) }
        #expect(marks(try check(text)) == wanted)
        #expect(marks(try check(text, memoryRows: 0)) == wanted, "spilled")
    }

    @Test("A duplicate names the earlier row, its own place and how to mend it")
    func wording() throws {
        let problem = try #require(try check("cancel,x,,,,\ncancel,a,,,,\n\ncancel,a,,,,\n").problems.last)
        #expect(problem.row == 4 && problem.line == 5)
        #expect(problem.column == "intent_id" && problem.value == "a")
        #expect(problem.message.contains("row 2") && problem.mend.contains("reference"))
    }

    @Test(
        "Rules find what comparing every row with every other finds, in memory and spilled", arguments: 0..<12
    )
    func oracle(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        var rows: [(action: String, id: Int, amount: String, reference: String)] = []
        for _ in 0..<300 {
            let action = Bool.random(using: &generator) ? "cancel" : "capture"
            let amount = ["all", "1.00", "2.00"].randomElement(using: &generator) ?? "all"
            let reference = ["", "", "R\(Int.random(in: 0..<40, using: &generator))"].randomElement(
                using: &generator)
            rows.append((action, Int.random(in: 0..<60, using: &generator), amount, reference ?? ""))
        }
        var expected: Set<Mark> = []
        for (later, row) in rows.enumerated() {
            for other in rows[..<later] {
                let same = row.id == other.id && row.amount == other.amount && row.action == other.action
                let apart =
                    !row.reference.isEmpty && !other.reference.isEmpty && row.reference != other.reference
                if same, !apart { expected.insert(Mark(code: "duplicate", row: later + 1)) }
                if !row.reference.isEmpty, row.reference == other.reference {
                    expected.insert(Mark(code: "reference_duplicate", row: later + 1))
                }
                if row.id == other.id, row.amount == "all", other.amount == "all", row.action != other.action
                {
                    expected.insert(Mark(code: "conflict", row: later + 1))
                }
            }
        }
        let text = rows.map { "\($0.action),i\($0.id),\($0.amount),EUR,\($0.reference)," }.joined(
            separator: "\n")
        for memoryRows in [0, 17, 100_000] {
            let result = try check(text, memoryRows: memoryRows)
            #expect(Set(marks(result)) == expected && result.problems.count == expected.count)
            #expect(result.problems.map { $0.row ?? 0 } == result.problems.compactMap(\.row).sorted())
        }
    }

    @Test(
        "Pairs are found when full pages went to the file and came back, whether or not most intents repeat",
        arguments: [1, 2])
    func pages(rowsOfIntent: Int) throws {
        // 100,000 rows fill more than two pages of 63 entries in each of the 1,024 partitions.
        let count = 100_000
        var lines = (0..<count).map { row in
            rowsOfIntent == 1
                ? "cancel,i\(row),,,R\(row),"
                : "capture,i\(row % (count / 2)),\(row + 1),EUR,R\(row),"
        }
        lines[3] = "cancel,i3,,,R3,"
        lines[29_999] = "cancel,i29999,,,,"
        lines[99_999] = "cancel,i3,,,,"
        lines[20_000] = "cancel,j,,,R7,"
        lines[30_000] = "capture,i29999,all,,Rx,"
        let result = try check(lines.joined(separator: "\n"), memoryRows: 1_000)
        #expect(
            marks(result) == [
                Mark(code: "reference_duplicate", row: 20_001), Mark(code: "conflict", row: 30_001),
                Mark(code: "duplicate", row: 100_000),
            ])
        #expect(result.rows == count)
    }

    @Test("A collision of hashes is not reported")
    func collision() throws {
        struct Colliding: PairRule {
            let relation = TagRelation.any
            let comparesIDs = false
            func concerns(_ row: HashedRow) -> Bool { true }
            func key(_ row: HashedRow) -> HashKey { HashKey(high: 0, low: 0) }
            func tag(_ row: HashedRow) -> UInt64 { 0 }
            func isBroken(by later: Instruction, after earlier: Instruction) -> Bool { later.intentID == "c" }
            func fault(of later: Instruction, after earlier: Int) -> RuleFault {
                .duplicate(intentID: later.intentID, earlier: earlier)
            }
        }
        let result = try check(
            "cancel,a,,,R,\ncancel,b,,,R,\ncancel,c,,,R,\ncancel,d,,,R,\n", pairRules: [Colliding()])
        #expect(marks(result) == [Mark(code: "duplicate", row: 3)] && result.errorCount == 1)
    }

    @Test("Past the limit problems are counted, and the first ones of the file are listed")
    func limit() throws {
        let bad = (0..<50).map { _ in "void,a,,,," }
        let duplicates = (0..<50).map { _ in "cancel,a,,,," }
        let result = try check((duplicates + bad).joined(separator: "\n"), memoryRows: 10, problemLimit: 20)
        #expect(result.problems.map(\.row) == (2...21).map { $0 })
        #expect(result.errorCount == 99 && result.unlistedCount == 79)
    }

    @Test("Sums are by action and currency, and do not wrap")
    func sums() throws {
        let result = try check(
            """
            capture,a,92233720368547758.07,EUR,,
            capture,b,92233720368547758.07,EUR,,
            capture,c,5,JPY,,
            capture,d,7,JPY,,
            capture,e,all,JPY,,
            cancel,f,1.25,USD,,
            cancel,g,,,,
            void,h,1.25,USD,,
            """)
        let currency = { (code: String) in Currency(code: code) }
        #expect(
            result.sums == [
                ActionSum(action: .cancel, currency: currency("USD"), rows: 1, minorUnits: 125),
                ActionSum(action: .cancel, currency: nil, rows: 1, minorUnits: 0),
                ActionSum(action: .capture, currency: currency("EUR"), rows: 2, minorUnits: nil),
                ActionSum(action: .capture, currency: currency("JPY"), rows: 2, minorUnits: 12),
                ActionSum(action: .capture, currency: nil, rows: 1, minorUnits: 0),
            ])
        #expect(result.rows == 8 && result.errorCount == 2 && result.isRefused)
    }

    @Test(
        "Only files of good whole cancels may go without a preflight",
        arguments: [
            ("cancel,a,,,,\ncancel,b,all,EUR,,\n", true), ("cancel,a,,,,\n,,,,,\n", true),
            ("cancel,a,1,EUR,,\n", false), ("capture,a,all,,,\n", false),
            ("cancel,a,,,,\nvoid,b,,,,\n", false),
            ("", false),
        ])
    func wholeCancels(rows: String, expected: Bool) throws {
        #expect(try check(rows).allWholeCancels == expected)
    }

    @Test("A check that cannot write its temporary file says where")
    func temporaryFile() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.header + "cancel,a,,,,\n")
        let check = FileCheck(
            rules: CheckRules(allowedActions: [.cancel]), temporaryDirectory: directory.path + "/none",
            memoryRows: 0)
        #expect { try check.check(path: path) } throws: { error in
            (error as? IntakeError)?.code == .temporaryFile && "\(error)".contains("/none")
        }
    }
}
