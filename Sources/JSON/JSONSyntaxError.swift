/// Why bytes are not one JSON document, and where.
///
/// The message is a sentence about the form only; it never repeats contents, which may be secret.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// The byte where the reader could not go on, counted from 0; the length of the input when it ended
    /// too early.
    package let offset: Int
    package let message: String

    package init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    package var description: String {
        "JSON, byte \(offset): \(message)"
    }
}

/// Everything the reader objects to; the wording is kept here, apart from the reading.
enum JSONFault {
    case empty
    case ended(inside: String)
    case byteOrderMark
    case notAValue
    case afterDocument
    case tooDeep(limit: Int)
    case badLiteral
    case leadingZero
    case digitExpected
    case keyExpected
    case colonExpected
    case commaOrEndExpected(container: String)
    case controlCharacter
    case unknownEscape
    case badHexEscape
    case loneSurrogate
    case notUTF8

    var message: String {
        switch self {
        case .empty: "There is nothing but white space here; a value is expected."
        case .ended(let place): "The document ends inside \(place)."
        case .byteOrderMark: "The document starts with a byte order mark; JSON is sent without one."
        case .notAValue: "A value is expected here."
        case .afterDocument: "Something follows the end of the document."
        case .tooDeep(let limit): "Arrays and objects stand inside each other more than \(limit) deep."
        case .badLiteral: "Only the words true, false and null stand without quotes."
        case .leadingZero: "A number has no leading zero."
        case .digitExpected: "A digit is expected here."
        case .keyExpected: "A key in double quotes is expected here."
        case .colonExpected: "A colon is expected after the key."
        case .commaOrEndExpected(let container): "A comma or the end of the \(container) is expected here."
        case .controlCharacter: "A control character in a string must be written as an escape."
        case .unknownEscape: "No such escape: after a backslash comes one of \" \\ / b f n r t u."
        case .badHexEscape: "Four hexadecimal digits are expected after \\u."
        case .loneSurrogate: "A \\u escape is one half of a surrogate pair without its other half."
        case .notUTF8: "The bytes are not valid UTF-8."
        }
    }
}
