import Gzip
import Instructions
import Testing

@testable import InstructionFiles

@Suite struct ProblemCodeTests {
    private func codes(
        _ bytes: [UInt8], allowed: Set<Action> = [.cancel, .capture], options: ReadOptions = ReadOptions(),
        limits: RecordLimits = RecordLimits()
    ) throws -> [String] {
        try read(bytes, allowed: allowed, options: options, limits: limits).problems.map(\.code)
    }

    private func codes(_ text: String, allowed: Set<Action> = [.cancel, .capture]) throws -> [String] {
        try codes(Array(text.utf8), allowed: allowed)
    }

    @Test("All codes can be reached, each with its sentences")
    func everyCode() throws {
        let header = "action,intent_id,amount,currency,reason,reference,line_items,external_processing_date"
        let rows = [
            ",,,,\(String(repeating: "r", count: 256)),\(String(repeating: "r", count: 65)),,x",
            "void,é,x,y,,,,",
            "capture,a,,,,,,", "capture,a,0,EUR,,,,", "capture,a,1.001,EUR,,,,", "capture,a,1,,,,,",
            "capture,a,99999999999999999999,EUR,,,,", "cancel,a,1,EUR,,,x,", "cancel,a,,,,,x=1,",
            "cancel,a,1,EUR,,,x=2,", "cancel,a,\"1,5\",EUR,,,,", "", "a\"", "\"a\"b", "a\rb", "x,y", "\"",
        ]
        var seen = Set(try codes(header + "\n" + rows.joined(separator: "\n")))
        seen.formUnion(try codes("action,Action,actoin\n"))
        seen.formUnion(try codes(""))
        seen.formUnion(try codes("intent_id,external_provider_name\na,b\n"))
        seen.formUnion(try codes("intent_id\ncapture\n", allowed: [.capture]))
        seen.formUnion(try codes("action,intent_id\ncapture,a\n", allowed: [.cancel]))
        seen.formUnion(try codes([0xFF, 0x41]))
        seen.formUnion(try codes("sep=|\na|b\n"))
        seen.formUnion(try codes("{\n[]\n{\"action\":1,\"action\":2}\n"))
        var options = ReadOptions()
        options.encoding = .windows1252
        seen.formUnion(try codes([0x81], options: options))
        var limits = RecordLimits()
        limits.bytes = 10
        limits.columns = 2
        seen.formUnion(try codes(Array("intent_id,amount".utf8), limits: limits))
        seen.formUnion(try codes(Array("a,b,c".utf8), limits: limits))
        seen.formUnion(try codes([0xFF, 0xFE, 0x41, 0]))
        seen.formUnion(try codes([0x50, 0x4B, 3, 4]))
        seen.formUnion(try codes([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
        seen.formUnion(try gzipCodes())
        // IntakeTests try these on columns and on files that a spreadsheet saved.
        let damage: [FileProblemCode] = [
            .idRounded, .idScientific, .zerosLost, .amountThousands, .curlyQuotes, .dateRewritten, .totalRow,
            .cardNumber,
        ]
        #expect(seen.union(damage.map(\.rawValue)) == Set(FileProblemCode.allCases.map(\.rawValue)))
    }

    private func gzipCodes() throws -> [String] {
        let writer = GzipWriter()
        let bytes = writer.append([0x0A]) + writer.finish()
        let twice = GzipWriter()
        var found = try codes(Array(bytes.dropLast())) + codes(bytes + [0]) + codes([0x1F, 0x00])
        found += try codes(twice.append(bytes) + twice.finish())
        let reader = GzipReader(limits: GzipLimits(bytes: 0))
        let small = GzipReader(limits: GzipLimits(members: 1))
        for (reader, bytes) in [(reader, bytes), (small, bytes + bytes)] {
            do { try reader.append(bytes) { _ in } } catch let error as GzipError {
                found.append(FileFault.structure(.gzip(error)).code.rawValue)
            }
        }
        let bomb = GzipWriter(level: 9)
        found += try codes(
            bomb.append(Array("intent_id".utf8) + [UInt8](repeating: 0x0A, count: 4 << 20)) + bomb.finish())
        return found
    }
}
