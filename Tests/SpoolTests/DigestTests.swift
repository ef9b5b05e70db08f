import Spool
import Testing

@Suite struct DigestTests {
    @Test("SHA-256 is written as FIPS 180's examples are")
    func hex() {
        #expect(
            Digest.sha256Hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest.sha256Hex(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("base32 of the hash is the one other programs compute")
    func base32() {
        // python3: base64.b32encode(hashlib.sha256(text.encode()).digest())
        let table = [
            ("", "4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBK"),
            ("abc", "XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWW"),
            ("useepay|https://openapi.useepay.com|é", "2NZEPPSKKMYKHSUHOIE5NL37XZI4TVP4XUEP4J6V2IB4QZSEQUO"),
        ]
        for (text, expected) in table {
            #expect(Digest.base32Hash(text, characters: 51) == expected)
            for count in [1, 16, 50] {
                #expect(Digest.base32Hash(text, characters: count) == String(expected.prefix(count)))
            }
        }
    }
}
