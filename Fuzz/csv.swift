import Instructions

@testable import InstructionFiles

/// Records and problems are the same wherever chunks end, no row crashes its judge, and a row that is clean at first
/// sight is a good one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    var whole = CSVTrace()
    whole.feed(Array(input))
    whole.finish()
    var cut = CSVTrace()
    Fuzz.inPieces(input) { cut.feed($0) }
    cut.finish()
    Fuzz.expect(whole.seen == cut.seen, "chunks change what is read")
    return 0
}

/// What a scan of CSV comes upon, in order.
struct CSVTrace {
    private let scanner = CSVScanner(limits: Self.limits)
    private var header: CSVHeader?
    private var judge = RowJudge(allowed: [.cancel, .capture], options: ReadOptions())
    private(set) var seen: [Seen] = []

    /// Small, so that they are met.
    private static var limits: RecordLimits {
        var limits = RecordLimits()
        limits.bytes = 400
        limits.columns = 30
        return limits
    }

    mutating func feed(_ bytes: [UInt8]) {
        scan()
        scanner.feed(bytes)
    }

    mutating func finish() {
        scan()
        scanner.finish()
        scan()
    }

    private mutating func scan() {
        while true {
            switch scanner.next() {
            case .needsBytes, .end: return
            case .fault(let fault): seen.append(.fault(fault))
            case .record: takeRecord()
            }
        }
    }

    private mutating func takeRecord() {
        let (row, line) = (scanner.row, scanner.line)
        guard let header else {
            header = CSVHeader(
                scanner.fields, line: line, allowed: [.cancel, .capture], options: ReadOptions())
            return
        }
        var problems: [Problem] = []
        guard !scanner.fields.isBlank else {
            seen.append(.blank(row: row, line: line))
            return
        }
        let cells = CSVCells(fields: scanner.fields, header: header, decimal: .point)
        let judgement = judge.judge(cells, row: row, line: line, into: &problems)
        checkCleanRow(judgement, header)
        seen += problems.map(Seen.problem)
        switch judgement {
        case .good(let lent): seen.append(.good(lent.instruction))
        case .faulty(let row): seen.append(.faulty(row))
        }
    }

    private func checkCleanRow(_ judgement: RowJudge.Judgement, _ header: CSVHeader) {
        let cleanRowJudge = CleanRowJudge(header, allowed: [.cancel, .capture], options: ReadOptions())
        guard let clean = cleanRowJudge?.judge(scanner.fields, row: scanner.row, line: scanner.line) else {
            return
        }
        guard case .good(let lent) = judgement else { fatalError("a row with a problem is taken for clean") }
        Fuzz.expect(clean.row.instruction == lent.instruction, "a clean row is another row")
        Fuzz.expect(clean.idIsNumber == CellText.isNumber(lent.intentID), "digits are not seen")
    }
}
