import JSON
import Testing

@Suite struct ReadingTests {
    @Test("a refusal names the byte and the reason")
    func refusals() {
        let table: [(text: String, offset: Int, message: String)] = [
            ("", 0, "nothing but white space"),
            (" \n", 2, "nothing but white space"),
            ("\u{FEFF}{}", 0, "byte order mark"),
            ("{} x", 3, "follows the end"),
            ("[1 2]", 3, "comma or the end of the array"),
            (#"{"a":1 "b":2}"#, 7, "comma or the end of the object"),
            (#"{"a" 1}"#, 5, "colon"),
            ("{1:2}", 1, "key in double quotes"),
            (#"{"a":1,}"#, 7, "key in double quotes"),
            ("[1,]", 3, "value is expected"),
            ("[01]", 2, "leading zero"),
            ("[1.]", 3, "digit"),
            ("[-x]", 2, "digit"),
            ("[1e+]", 4, "digit"),
            ("[NaN]", 1, "value is expected"),
            ("[nul]", 1, "true, false and null"),
            ("[tr", 3, "ends inside a word"),
            ("[1", 2, "ends inside an array"),
            (#"{"a":"#, 5, "ends inside an object"),
            ("-", 1, "ends inside a number"),
            ("\"a", 2, "ends inside a string"),
            ("\"a\tb\"", 2, "control character"),
            (#""\x""#, 1, "No such escape"),
            (#""\u12g4""#, 1, "Four hexadecimal digits"),
            (#""a\ud800""#, 2, "surrogate"),
            (#""\ud800\n""#, 1, "surrogate"),
            (#""\ud800\ud800""#, 1, "surrogate"),
            (#""\udc00\ud800""#, 1, "surrogate"),
        ]
        for row in table {
            do throws(JSONSyntaxError) {
                _ = try JSONValue(parsing: row.text)
                Issue.record("accepted: \(row.text)")
            } catch {
                #expect(error.offset == row.offset, "\(row.text): \(error)")
                #expect(error.message.contains(row.message), "\(row.text): \(error)")
            }
        }
    }

    @Test("bytes that are not UTF-8 are refused at the character that is broken")
    func brokenUTF8() {
        let broken: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82, 0x41], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ]
        for character in broken {
            let document = Array(#"{"k":"ab"#.utf8) + character + Array(#""}"#.utf8)
            #expect(throws: JSONSyntaxError(offset: 8, message: "The bytes are not valid UTF-8.")) {
                try JSONValue(parsing: document)
            }
        }
    }

    @Test("the first and last character of every UTF-8 length is kept, raw and escaped")
    func boundaryCharacters() throws {
        for code: UInt32 in [0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] {
            let scalar = try #require(Unicode.Scalar(code))
            let text = String(Character(scalar))
            #expect(try JSONValue(parsing: "\"\(text)\"") == .string(text))
            let escapes = text.utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            #expect(try JSONValue(parsing: "\"" + escapes.joined() + "\"") == .string(text))
            #expect(
                try JSONValue(
                    parsing: "\"" + escapes.joined().uppercased().replacing("\\U", with: "\\u") + "\"")
                    == .string(text))
        }
    }

    @Test("arrays and objects may stand inside each other as deep as the limit says and no deeper")
    func depth() throws {
        for limit in [1, 2, 512] {
            let open = String(repeating: "[", count: limit)
            let close = String(repeating: "]", count: limit)
            #expect(throws: Never.self) {
                try JSONValue(parsing: Array((open + close).utf8), maximumDepth: limit)
            }
            #expect(throws: JSONSyntaxError.self) {
                try JSONValue(parsing: Array(("[" + open + close + "]").utf8), maximumDepth: limit)
            }
        }
        let siblings = "[" + String(repeating: "[],", count: 1000) + "{}]"
        #expect(throws: Never.self) { try JSONValue(parsing: Array(siblings.utf8), maximumDepth: 2) }
    }

    @Test("a hundred thousand open brackets are refused, not a crash")
    func hostileDepth() {
        for unit in ["[", #"{"a":"#, #"[{"a":"#] {
            #expect(throws: JSONSyntaxError.self) {
                try JSONValue(parsing: String(repeating: unit, count: 100_000))
            }
        }
    }

    @Test("a document cut off anywhere is refused, at its end")
    func truncation() throws {
        let whole = Array(
            #"{"a":[1.5e+10,-0,"x\u00e9\ud83d\ude00\n€😀",true,false,null,{}],"b":{"c":[]}}"#.utf8)
        #expect(throws: Never.self) { try JSONValue(parsing: whole) }
        for length in 0..<whole.count {
            do {
                _ = try JSONValue(parsing: Array(whole[..<length]))
                Issue.record("accepted the first \(length) bytes")
            } catch {
                #expect(error.offset == length, "\(length): \(error)")
            }
        }
    }

    @Test(
        "a changed byte is refused or read as something that can be written and read again", arguments: 1...4)
    func mutation(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = generator.value().bytes()
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(try JSONValue(parsing: value.bytes()) == value, "seed \(seed)")
        }
    }
}
