import Foundation
import Instructions

@testable import InstructionFiles

/// What a scan of some bytes gave, in order.
enum Scanned: Equatable {
    case record(row: Int, line: Int, [String])
    case fault(RecordFault.Kind, row: Int, line: Int, column: Int?)
}

/// Scans bytes that arrive in chunks of the lengths that `nextLength` says.
func scan(
    _ bytes: [UInt8], options: ReadOptions = ReadOptions(), limits: RecordLimits = RecordLimits(),
    nextLength: () -> Int = { .max }
) -> [Scanned] {
    let scanner = CSVScanner(options: options, limits: limits)
    var rest = bytes[...]
    var results: [Scanned] = []
    while true {
        switch scanner.next() {
        case .needsBytes:
            guard !rest.isEmpty else {
                scanner.finish()
                continue
            }
            let chunk = rest.prefix(nextLength())
            rest = rest.dropFirst(chunk.count)
            scanner.feed(chunk)
        case .record:
            let fields = scanner.fields
            let texts = fields.bounds.indices.map { String(decoding: fields[$0], as: UTF8.self) }
            results.append(.record(row: scanner.row, line: scanner.line, texts))
        case .fault(let fault):
            results.append(
                .fault(fault.kind, row: fault.row ?? -1, line: fault.line ?? -1, column: fault.column))
        case .end:
            return results
        }
    }
}

func scan(_ text: String) -> [Scanned] { scan(Array(text.utf8)) }

/// A file that lives as long as the value.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.path + "/instruction-files-\(UUID().uuidString).csv"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// SplitMix64, so that a seed names a case for ever.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
