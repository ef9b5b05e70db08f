import Foundation
import Instructions
import JSON
import Testing

@testable import InstructionFiles

/// The quick steps over a line take and refuse what the room JSON takes and refuses.
@Suite struct JSONAgreementTests {
    private static func isTaken(_ line: [UInt8]) -> Bool? {
        let scratch = ByteBuffer()
        scratch.reserve(line.count)
        let reading = MemberReading(names: ColumnNames(ReadOptions()), mostMembers: 1_000)
        return line.withUnsafeBufferPointer { cell in
            switch reading.read(cell, row: 1, scratch: scratch) {
            case .row: reading.members.isBlank ? nil : true
            case .tooManyMembers: nil
            case .invalid: false
            }
        }
    }

    private static func isObject(_ line: [UInt8]) -> Bool {
        guard let value = try? JSONValue(parsing: line) else { return false }
        return value.object != nil
    }

    @Test("Every document of JSONTestSuite, as a line and as the value of each kind of member")
    func suite() throws {
        let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("JSONTests/Corpus/JSONTestSuite/test_parsing")
        let names = try FileManager.default.contentsOfDirectory(atPath: corpus.path)
        #expect(names.count > 300)
        for name in names {
            let document = [UInt8](try Data(contentsOf: corpus.appendingPathComponent(name)))
            let heads = [
                "", #"{"own":"#, #"{"amount":"#, #"{"reason":"#, #"{"line_items":"#, #"{"external_data":"#,
                #"{"external_data":{"x":"#, #"{"line_items":[{"id":"#, #"{"result_run":"#, #"{"ammount":"#,
            ]
            for head in heads {
                let closing = String(
                    head.reversed().compactMap { $0 == "{" ? "}" : $0 == "[" ? "]" : nil })
                let line = Array(head.utf8) + document + Array(closing.utf8)
                guard let taken = Self.isTaken(line) else { continue }
                #expect(taken == Self.isObject(line), "\(name) after \(head)")
            }
        }
    }

    @Test("Random damage to good lines", arguments: 0..<20)
    func damage(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let lines = [
            #"{"action":"capture","intent_id":"int_1","amount":15.50e-1,"reason":"ä\u00e9\ud83d\ude00\n"}"#,
            #"{"line_items":[{"id":"a","amount":"1"},{"id":null}],"external_data":{"a":[true,false]},"own":{}}"#,
            #" { "own" : [ -0.5E+3 , { "b" : [ ] } ] , "expires_at" : null } "#,
        ].map { Array($0.utf8) }
        let pieces = Array("{}[]\":,\\u0eE+-.19tfn \u{1}".utf8) + [0xC3, 0xA9, 0xED, 0xA0, 0x80, 0xFF]
        for _ in 0..<1_000 {
            var line = lines.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<line.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: line[place] = pieces.randomElement(using: &generator) ?? 0
                case 1: line.insert(pieces.randomElement(using: &generator) ?? 0, at: place)
                default: line.remove(at: place)
                }
            }
            guard let taken = Self.isTaken(line) else { continue }
            #expect(taken == Self.isObject(line), "\(String(decoding: line, as: UTF8.self)) \(line)")
        }
    }
}
