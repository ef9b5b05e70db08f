import Testing

@testable import Intake

@Suite struct RepeatedKeysTests {
    private func key(_ text: String, _ keys: RowKeys) -> RowKey {
        Array(text.utf8).withUnsafeBufferPointer { keys.key(ofIntent: $0) }
    }

    @Test("Texts of every length have the same key wherever they lie, and others another one")
    func keys() {
        let keys = RowKeys()
        let text = String((0..<140).map { Character(Unicode.Scalar(UInt8(33 + $0 % 90))) })
        var seen: Set<UInt64> = []
        for length in 0...140 {
            let prefix = String(text.prefix(length))
            #expect(key(prefix, keys) == key(String(prefix.reversed().reversed()), keys))
            seen.insert(key(prefix, keys).bits)
            for place in 0..<length {
                var bytes = Array(prefix.utf8)
                bytes[place] ^= 1
                seen.insert(key(String(decoding: bytes, as: UTF8.self), keys).bits)
            }
        }
        #expect(seen.count == 141 + 141 * 140 / 2)
    }

    @Test("A text as an intent and as a reference has two keys")
    func kinds() {
        let keys = RowKeys()
        Array("R1".utf8).withUnsafeBufferPointer { text in
            #expect(keys.key(ofIntent: text) != keys.key(ofReference: text))
        }
    }

    @Test(
        "Every key that came again passes the sieve, and few others",
        arguments: [(0, 0), (0, 3), (10, 3), (100_000, 1), (100_000, 5_000)])
    func sieve(memoryKeys: Int, repeated: Int) throws {
        let directory = try TemporaryDirectory()
        let found = RepeatedKeys(memoryKeys: memoryKeys, directory: directory.path)
        let keys = RowKeys()
        let count = 100_000
        for row in 0..<count { try found.add(key("i\(row)", keys)) }
        for row in 0..<repeated { try found.add(key("i\(row * 7)", keys)) }
        guard let sieve = try found.sieve() else {
            #expect(repeated == 0)
            return
        }
        let passing = (0..<count).filter { sieve.passes(key("i\($0)", keys)) }
        #expect(Set(passing).isSuperset(of: (0..<repeated).map { $0 * 7 }))
        #expect(repeated > 0 && passing.count < repeated + 20)
    }
}
