import Testing

@testable import InstructionFiles

@Suite struct RestoredIDTests {
    @Test(
        "What a spreadsheet made of a known id is told from another id",
        arguments: [
            ("1012411211459019141", "1012411211459010000", .idRounded),
            // Rounded up instead of cut off, and as a binary floating-point number.
            ("1012411211459619141", "1012411211459620000", .idRounded),
            ("1012411211459019141", "1012411211459019136", .idRounded),
            ("1012411211459019141", "1.01241121145902E+18", .idScientific),
            ("1012411211459019141", "1,01241E+18", .idScientific),
            ("1012411211459019141", "1e18", .idScientific),
            ("0017", "17", .zerosLost), ("000", "0", nil),
            // The same, another one, another length, or no number.
            ("1012411211459019141", "1012411211459019141", nil),
            ("1012411211459019141", "1012411211459019142", nil),
            ("1012411211459019141", "1012411211459030000", nil),
            ("1012411211459019141", "101241121145901000", nil),
            ("1012411211459019141", "1.01241E+17", nil), ("1012411211459019141", "1.01299E+18", nil),
            ("123456789012345", "123456789010000", nil), ("17", "0017", nil), ("0017", "", nil),
            ("int_0196f3a1", "int_0196f3a2", nil), ("", "17", nil), ("17", "E", nil),
            ("9999999999999999999", "9999999999999990000", .idRounded),
        ] as [(String, String, FileProblemCode?)])
    func damage(original: String, text: String, code: FileProblemCode?) {
        #expect(RestoredID.damage(of: original, into: text) == code)
    }
}
