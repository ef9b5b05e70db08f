import Instructions
import JSON

@testable import InstructionFiles

/// Lines are the same wherever chunks end, no line crashes its judge, one that is clean at first sight is a good row,
/// and a line is taken exactly when the room JSON takes it for an object.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    var whole = NDJSONTrace()
    whole.feed(Array(input))
    whole.finish()
    var cut = NDJSONTrace()
    Fuzz.inPieces(input) { cut.feed($0) }
    cut.finish()
    Fuzz.expect(whole.seen == cut.seen, "chunks change what is read")
    return 0
}

/// What a scan of NDJSON comes upon, in order.
struct NDJSONTrace {
    private let scanner = NDJSONScanner(options: ReadOptions(), limits: Self.limits)
    private var judge = RowJudge(allowed: [.cancel, .capture], options: ReadOptions())
    private(set) var seen: [Seen] = []

    /// Small, so that they are met.
    private static var limits: RecordLimits {
        var limits = RecordLimits()
        limits.bytes = 1_000
        limits.columns = 30
        return limits
    }

    mutating func feed(_ bytes: [UInt8]) {
        scan()
        scanner.feed(bytes[...])
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
            case .fault(let fault):
                seen.append(.fault(fault))
                if case .jsonInvalid = fault.kind { compare(isTaken: false) }
            case .record: takeLine()
            }
        }
    }

    private mutating func takeLine() {
        guard !scanner.members.isBlank else {
            return seen.append(.blank(row: scanner.row, line: scanner.line))
        }
        compare(isTaken: true)
        var problems: [Problem] = []
        let judgement = judge.judge(
            NDJSONCells(members: scanner.members, scanner: scanner), row: scanner.row, line: scanner.line,
            into: &problems)
        checkCleanRow(judgement)
        seen += problems.map(Seen.problem)
        switch judgement {
        case .good(let lent): seen.append(.good(lent.instruction))
        case .faulty(let row): seen.append(.faulty(row))
        }
    }

    private func checkCleanRow(_ judgement: RowJudge.Judgement) {
        let cleanRowJudge = CleanRowJudge(linesAllowing: [.cancel, .capture], options: ReadOptions())
        guard scanner.members.isPlain,
            let clean = cleanRowJudge?.judge(scanner.members, row: scanner.row, line: scanner.line)
        else { return }
        guard case .good(let lent) = judgement else { fatalError("a line with a problem is taken for clean") }
        Fuzz.expect(clean.row.instruction == lent.instruction, "a clean line is another row")
    }

    private func compare(isTaken: Bool) {
        let value = try? JSONValue(parsing: Array(scanner.text))
        Fuzz.expect((value?.object != nil) == isTaken, "the room JSON says otherwise")
    }
}
