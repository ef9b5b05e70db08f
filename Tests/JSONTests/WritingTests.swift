import JSON
import Testing

@Suite struct WritingTests {
    @Test("what is written is read back as the same value", arguments: 1...4)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let value = generator.value()
            #expect(try JSONValue(parsing: value.bytes()) == value, "seed \(seed)")
            #expect(try JSONValue(parsing: value.bytes(pretty: true)) == value, "seed \(seed)")
            #expect(try JSONValue(parsing: value.text).bytes() == value.bytes(), "seed \(seed)")
        }
    }

    @Test("only quotes, backslashes and control characters are escaped")
    func escapes() {
        let value: JSONValue = "a\"b\\c/\u{0}\u{8}\t\n\u{C}\r\u{1F}\u{7F}é\u{2028}😀"
        #expect(value.text == #""a\"b\\c/\u0000\b\t\n\f\r\u001f"# + "\u{7F}é\u{2028}😀\"")
    }

    @Test("pretty form breaks every line and indents by two spaces, empty containers stay closed")
    func pretty() {
        let value: JSONValue = ["rows": 2, "sums": [["a": true], nil], "none": [], "empty": [:]]
        let expected = """
            {
              "rows": 2,
              "sums": [
                {
                  "a": true
                },
                null
              ],
              "none": [],
              "empty": {}
            }
            """
        #expect(String(decoding: value.bytes(pretty: true), as: UTF8.self) == expected)
        #expect(value.text == #"{"rows":2,"sums":[{"a":true},null],"none":[],"empty":{}}"#)
    }

    @Test("a number built from text that is no number stops the program instead of spoiling a document")
    func malformedNumber() async {
        await #expect(processExitsWith: .failure) {
            _ = JSONValue.number("1,5").bytes()
        }
    }
}
