import InstructionFiles
import Instructions

/// What a scan comes upon, in order.
enum Seen: Hashable {
    case fault(RecordFault)
    case problem(Problem)
    case good(Instruction)
    case faulty(FaultyRow)
    case blank(row: Int, line: Int)
}

/// What the targets share. Each target is one file with `LLVMFuzzerTestOneInput`, linked by libFuzzer; a trap
/// is what it looks for.
enum Fuzz {
    /// Calls the body with the input in pieces whose length its first byte says, so that libFuzzer finds where
    /// to cut.
    static func inPieces(_ input: UnsafeBufferPointer<UInt8>, _ body: ([UInt8]) -> Void) {
        guard let length = input.first.map({ Int($0) + 1 }) else { return }
        for start in stride(from: 0, to: input.count, by: length) {
            body(Array(input[start..<min(start + length, input.count)]))
        }
    }

    static func expect(_ condition: Bool, _ what: String) {
        guard condition else { fatalError(what) }
    }
}
