import Testing

@testable import Intake

@Suite struct SipHashTests {
    /// 07…00 and 0f…08, as the reference implementation's vectors have it.
    private let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

    private func hash(_ bytes: [UInt8], rounds: (word: Int, end: Int)) -> HashKey {
        bytes.withUnsafeBytes { SipHash(key, rounds: rounds).hash(ending: $0) }
    }

    /// `vectors_sip128` of the reference implementation: SipHash-2-4 of 00 01 … of that length.
    @Test(
        "With 2 and 4 rounds it gives the reference implementation's results",
        arguments: [
            (0, 0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d),
            (1, 0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634),
            (2, 0xc75d_a4a4_8d22_7781, 0xe4ff_0af6_de8b_a3fc),
            (3, 0x4ea9_6752_0cb6_709c, 0x51ed_8529_b0b6_335f),
            (15, 0x11a8_b033_99e9_9354, 0xd9c3_cf97_0fec_087e),
        ] as [(Int, UInt64, UInt64)])
    func vectors(length: Int, high: UInt64, low: UInt64) {
        let bytes = (0..<length).map { UInt8($0) }
        #expect(hash(bytes, rounds: (2, 4)) == HashKey(high: high, low: low))
    }

    @Test("Whole words give what their bytes give")
    func words() {
        let words: [UInt64] = [0x0123_4567_89ab_cdef, 0, .max]
        var fed = SipHash(key)
        for word in words { fed.add(word) }
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        #expect(fed.hash() == hash(bytes, rounds: (1, 3)))
    }
}
