import Foundation
import JSON
import Testing

/// Nicolas Seriot's JSONTestSuite (licence beside it): `y_` must be accepted, `n_` refused, and for `i_`,
/// where RFC 8259 leaves the choice, the table says what this reader does.
@Suite struct TestSuiteTests {
    static let folder = Bundle.module.bundleURL.appendingPathComponent("Corpus/JSONTestSuite")

    static func documents(_ folderName: String, prefix: String) throws -> [(name: String, bytes: [UInt8])] {
        let place = folder.appendingPathComponent(folderName)
        return try FileManager.default.contentsOfDirectory(atPath: place.path)
            .filter { $0.hasPrefix(prefix) }
            .sorted()
            .map { ($0, Array(try Data(contentsOf: place.appendingPathComponent($0)))) }
    }

    @Test("every document that must be accepted is accepted, and survives writing and reading again")
    func accepted() throws {
        let documents = try Self.documents("test_parsing", prefix: "y_")
        #expect(documents.count == 95)
        for (name, bytes) in documents {
            do {
                let value = try JSONValue(parsing: bytes)
                #expect(try JSONValue(parsing: value.bytes()) == value, "\(name)")
                #expect(try JSONValue(parsing: value.bytes(pretty: true)) == value, "\(name)")
            } catch {
                Issue.record("\(name) refused: \(error)")
            }
        }
    }

    @Test("every document that must be refused is refused, at a byte of the document")
    func refused() throws {
        let documents = try Self.documents("test_parsing", prefix: "n_")
        #expect(documents.count == 188)
        for (name, bytes) in documents {
            do {
                _ = try JSONValue(parsing: bytes)
                Issue.record("\(name) accepted")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "\(name): \(error)")
            }
        }
    }

    /// Where the standard leaves the choice. Numbers of any size are accepted because their digits are
    /// kept as text; broken Unicode is always refused.
    static let choices: [String: String] = [
        "i_number_double_huge_neg_exp": "accepted",
        "i_number_huge_exp": "accepted",
        "i_number_neg_int_huge_exp": "accepted",
        "i_number_pos_double_huge_exp": "accepted",
        "i_number_real_neg_overflow": "accepted",
        "i_number_real_pos_overflow": "accepted",
        "i_number_real_underflow": "accepted",
        "i_number_too_big_neg_int": "accepted",
        "i_number_too_big_pos_int": "accepted",
        "i_number_very_big_negative_int": "accepted",
        "i_object_key_lone_2nd_surrogate": "surrogate",
        "i_string_1st_surrogate_but_2nd_missing": "surrogate",
        "i_string_1st_valid_surrogate_2nd_invalid": "surrogate",
        "i_string_UTF-16LE_with_BOM": "A value is expected",
        "i_string_UTF-8_invalid_sequence": "UTF-8",
        "i_string_UTF8_surrogate_U+D800": "UTF-8",
        "i_string_incomplete_surrogate_and_escape_valid": "surrogate",
        "i_string_incomplete_surrogate_pair": "surrogate",
        "i_string_incomplete_surrogates_escape_valid": "surrogate",
        "i_string_invalid_lonely_surrogate": "surrogate",
        "i_string_invalid_surrogate": "surrogate",
        "i_string_invalid_utf-8": "UTF-8",
        "i_string_inverted_surrogates_U+1D11E": "surrogate",
        "i_string_iso_latin_1": "UTF-8",
        "i_string_lone_second_surrogate": "surrogate",
        "i_string_lone_utf8_continuation_byte": "UTF-8",
        "i_string_not_in_unicode_range": "UTF-8",
        "i_string_overlong_sequence_2_bytes": "UTF-8",
        "i_string_overlong_sequence_6_bytes": "UTF-8",
        "i_string_overlong_sequence_6_bytes_null": "UTF-8",
        "i_string_truncated-utf-8": "UTF-8",
        "i_string_utf16BE_no_BOM": "A value is expected",
        "i_string_utf16LE_no_BOM": "A value is expected",
        "i_structure_500_nested_arrays": "accepted",
        "i_structure_UTF-8_BOM_empty_object": "byte order mark",
    ]

    @Test("where the standard leaves the choice, the reader does what the table says")
    func chosen() throws {
        let documents = try Self.documents("test_parsing", prefix: "i_")
        #expect(documents.count == Self.choices.count)
        for (name, bytes) in documents {
            let choice = try #require(Self.choices[name.replacing(".json", with: "")], "\(name)")
            do {
                _ = try JSONValue(parsing: bytes)
                #expect(choice == "accepted", "\(name) was accepted")
            } catch {
                #expect(error.message.contains(choice), "\(name): \(error)")
            }
        }
    }

    /// What is read from each document of `test_transform`, written again.
    static let transformed: [String: String] = [
        "number_-9223372036854775808": "[-9223372036854775808]",
        "number_-9223372036854775809": "[-9223372036854775809]",
        "number_1.0": "[1.0]",
        "number_1.000000000000000005": "[1.000000000000000005]",
        "number_1000000000000000": "[1000000000000000]",
        "number_10000000000000000999": "[10000000000000000999]",
        "number_1e-999": "[1E-999]",
        "number_1e6": "[1E6]",
        "number_9223372036854775807": "[9223372036854775807]",
        "number_9223372036854775808": "[9223372036854775808]",
        "object_key_nfc_nfd": "{\"\u{E9}\":\"NFC\",\"e\u{301}\":\"NFD\"}",
        "object_key_nfd_nfc": "{\"e\u{301}\":\"NFD\",\"\u{E9}\":\"NFC\"}",
        "object_same_key_different_values": #"{"a":1,"a":2}"#,
        "object_same_key_same_value": #"{"a":1,"a":1}"#,
        "object_same_key_unclear_values": #"{"a":0,"a":-0}"#,
        "string_1_escaped_invalid_codepoint": "refused",
        "string_1_invalid_codepoint": "refused",
        "string_2_escaped_invalid_codepoints": "refused",
        "string_2_invalid_codepoints": "refused",
        "string_3_escaped_invalid_codepoints": "refused",
        "string_3_invalid_codepoints": "refused",
        "string_with_escaped_NULL": #"["A\u0000B"]"#,
    ]

    @Test("digits, repeated keys and differently composed keys come through unchanged")
    func transforms() throws {
        let documents = try Self.documents("test_transform", prefix: "")
        #expect(documents.count == Self.transformed.count)
        for (name, bytes) in documents {
            let expected = try #require(Self.transformed[name.replacing(".json", with: "")], "\(name)")
            let written = (try? JSONValue(parsing: bytes))?.bytes() ?? Array("refused".utf8)
            #expect(written == Array(expected.utf8), "\(name)")
        }
    }
}
