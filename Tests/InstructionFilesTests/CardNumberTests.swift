import Testing

@testable import InstructionFiles

@Suite struct CardNumberTests {
    @Test(
        "The networks' test numbers are found",
        arguments: [
            "4111111111111111", "4222222222222", "4000000000000000006", "5555555555554444",
            "2223003122003222",
            "378282246310005", "30569309025904", "38520000023237", "6011111111111117", "3530111333300000",
            "6200000000000005", "6304000000000000", "2200000000000004", "5018000000000009",
        ])
    func networks(number: String) {
        #expect(CardNumber.stands(in: number))
        #expect(CardNumber.stands(in: "Karte \(number), 12/27"))
        #expect(CardNumber.stands(in: "PAN\(number)") && CardNumber.stands(in: "卡号\(number)"))
        for separator in [" ", "-"] {
            let groups = stride(from: 0, to: number.count, by: 4).map { start in
                String(number.dropFirst(start).prefix(4))
            }
            #expect(CardNumber.stands(in: groups.joined(separator: separator)))
        }
        let last = number.last?.wholeNumberValue ?? 0
        #expect(!CardNumber.stands(in: number.dropLast() + "\((last + 1) % 10)"), "the check digit counts")
        #expect(!CardNumber.stands(in: number + "0000000") && !CardNumber.stands(in: number + "x"))
    }

    @Test(
        "Other numbers are none",
        arguments: [
            "", "1012411211459019101", "411111111111", "4111111111111112", "9111111111111111",
            "2026-11-20 14:30:00", "+49 30 1234567890", "a4111111111111111b", "41111111111111111111",
            "550e8400-e29b-4111-1111-111111111111", "4111  1111  1111  1111", "1e4111111111111111",
            "d41d8cd98f00b204e9800998ecf8427e", "0000000000000000",
        ])
    func others(text: String) {
        #expect(!CardNumber.stands(in: text))
    }

    @Test("Groups as cards print them are found inside other text")
    func groups() {
        #expect(CardNumber.stands(in: "3782 822463 10005"))
        #expect(CardNumber.stands(in: "ref 12 4111 1111 1111 1111"))
        #expect(CardNumber.stands(in: "12-4111-1111-1111-1111 paid"))
        #expect(CardNumber.stands(in: "on 2026-11-20 with 4111111111111111"))
    }

    @Test("Random numbers, hashes and identifiers are taken for cards as rarely as their digits allow")
    func falseAlarms() {
        var generator = SeededGenerator(seed: 11)
        func hits(_ make: (inout SeededGenerator) -> String) -> Int {
            (0..<50_000).count { _ in CardNumber.stands(in: make(&generator)) }
        }
        let hex = Array("0123456789abcdef")
        #expect(
            hits { generator in String((0..<64).map { _ in hex.randomElement(using: &generator) ?? "0" }) }
                == 0)
        #expect(
            hits {
                String(UInt64.random(in: 1_000_000_000_000_000_000..<2_000_000_000_000_000_000, using: &$0))
            } == 0)
        let uuid = hits { generator in
            [8, 4, 4, 4, 12].map { length in
                String((0..<length).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
            }.joined(separator: "-")
        }
        #expect(uuid == 0, "also with no letter in it")
        // A tenth of the 16-digit numbers with a prefix that is given out.
        let numbers = hits {
            String(UInt64.random(in: 1_000_000_000_000_000..<10_000_000_000_000_000, using: &$0))
        }
        #expect((1_000...2_000).contains(numbers), "\(numbers)")
    }
}
