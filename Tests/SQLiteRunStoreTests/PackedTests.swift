import Instructions
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("Packed fields")
struct PackedTests {
    @Test("are written as they are documented")
    func golden() {
        var fields = PackedFields()
        fields.add("hello")
        fields.add("")
        fields.add(Int64(-42))
        fields.add(String?.none)
        fields.add("ü")
        #expect(String(decoding: fields.bytes, as: UTF8.self) == "5:hello0:-42;!2:ü")
    }

    @Test("give a payment intent back exactly, whatever its texts and numbers", arguments: 0..<300)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let intent = Self.intent(&generator)
        let bytes = PackedFields.packed(intent)
        let read = try PackedReader.intent(bytes)
        #expect(read == intent)
        // Equal strings may differ in their bytes: é has two spellings.
        #expect(PackedFields.packed(read) == bytes)
    }

    @Test("that are cut, longer or changed are a fault or another value, never a crash")
    func damage() throws {
        let bytes = PackedFields.packed(RunStoreSamples.intent("pi_1"))
        for count in bytes.indices {
            #expect(throws: PackedFault.self) { try PackedReader.intent(Array(bytes[..<count])) }
        }
        #expect(throws: PackedFault.self) { try PackedReader.intent(bytes + Array("!".utf8)) }
        var generator = SeededGenerator(seed: 1)
        var faults = 0
        for _ in 0..<5_000 {
            var changed = bytes
            changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
            do { _ = try PackedReader.intent(changed) } catch { faults += 1 }
        }
        #expect(faults > 1_000)
    }

    @Test("refuse counts that the bytes cannot hold")
    func hugeCounts() {
        for text in ["9223372036854775807;", "-1;", "99999999999999999999;", "3;!", "x;", ";", ""] {
            #expect(throws: PackedFault.self, "\(text)") { try PackedReader.lines(Array(text.utf8)) }
        }
    }

    private static func intent(_ generator: inout SeededGenerator) -> PaymentIntent {
        var intent = PaymentIntent(
            id: text(&generator), status: text(&generator),
            amount: Money(
                minorUnits: number(&generator),
                currency: Currency(code: Currency.allCodes.randomElement(using: &generator) ?? "EUR")
                    ?? RunStoreSamples.euro))
        intent.captured = Bool.random(using: &generator) ? number(&generator) : nil
        intent.cancelled = Bool.random(using: &generator) ? number(&generator) : nil
        intent.cancellationReason = Bool.random(using: &generator) ? text(&generator) : nil
        intent.gatewayReference = Bool.random(using: &generator) ? text(&generator) : nil
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            intent.lines.append(
                .init(
                    id: text(&generator), total: number(&generator), captured: number(&generator),
                    cancelled: number(&generator)))
            let lines = (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                LineAmount(id: text(&generator), minorUnits: number(&generator))
            }
            intent.captures.append(.init(id: text(&generator), minorUnits: number(&generator), lines: lines))
        }
        return intent
    }

    private static func number(_ generator: inout SeededGenerator) -> Int64 {
        [0, 1, -1, .max, .min, Int64.random(in: .min ... .max, using: &generator)]
            .randomElement(using: &generator) ?? 0
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let pieces = ["", "a", ":", ";", "!", "12:", "\0", "é", "e\u{301}", "日本", "🎈", "\r\n", "\"", "-5;"]
        let count = Int.random(in: 0...4, using: &generator)
        return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): the same cases for a seed on every machine.
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
