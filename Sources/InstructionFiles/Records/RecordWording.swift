import Gzip

/// How each fault of a file's form is said to people.
extension RecordFault.Kind {
    var message: String {
        switch self {
        case .quoteUnterminated: "A quote opens here and is never closed."
        case .quoteBare: "A quote stands inside a field that does not start with one."
        case .quoteTextAfter: "Something other than a separator follows the closing quote."
        case .fieldCount(let found, let expected): "The row has \(found) fields, the header \(expected)."
        case .carriageReturnAlone:
            "A carriage return stands alone, but the header does not end with one."
        case .separatorUnknown: "The first line names a separator other than comma, semicolon and tab."
        case .jsonInvalid(let reason, let byte):
            "The line is not one JSON object, see its byte \(byte): \(reason)"
        case .jsonNotObject(let isArray):
            isArray ? "The line is a JSON array, not an object." : "The line is JSON, but not an object."
        case .utf8Invalid: "The bytes are no UTF-8 text."
        case .windows1252Invalid: "The bytes are no Windows-1252 text."
        case .recordTooLong: "The row is longer than \(RecordLimits().bytes) bytes."
        case .tooManyColumns: "The row has more than \(RecordLimits().columns) columns."
        case .utf16: "The file is UTF-16 text."
        case .spreadsheet: "The file is a spreadsheet as the program keeps it, not its text."
        case .zip: "The file is a zip archive."
        case .gzipTwice: "The file was compressed twice."
        case .gzip(let error): error.message
        }
    }

    var mend: String {
        switch self {
        case .quoteUnterminated: "Close the quote; the rows below were not checked."
        case .quoteBare: "Put the whole field in quotes and write every quote in it twice."
        case .quoteTextAfter: "Write every quote inside the field twice, and nothing after the closing one."
        case .fieldCount:
            "Check for a separator too many or too few; a field with a separator in it needs quotes."
        case .carriageReturnAlone: "Save the file with one kind of line end: LF, CR LF or CR."
        case .separatorUnknown: "Save the file with one of these, and write that after `sep=` or nothing."
        case .jsonInvalid: "Write one whole object on each line, such as `jq -c .` does."
        case .jsonNotObject(let isArray):
            isArray
                ? "Write one object on each line, without the array around them, such as `jq -c .[]` does."
                : "Write one object on each line."
        case .utf8Invalid(let couldBeWindows1252):
            couldBeWindows1252
                ? "Save the file as CSV UTF-8; when it is Windows-1252 text: `--encoding windows-1252` "
                    + "(in a job `encoding: windows-1252`)."
                : "Save the file as CSV UTF-8."
        case .windows1252Invalid:
            "Save the file as CSV UTF-8 and leave `--encoding windows-1252` (in a job `encoding`) away."
        case .recordTooLong:
            "Look for a quote or a line end that is missing; the rows below were not checked."
        case .tooManyColumns: "Remove the columns that are not needed; the rows below were not checked."
        case .utf16, .spreadsheet: "Open it in the spreadsheet and save as CSV UTF-8."
        case .zip: "Unpack it and hand in the file inside, as it is or with gzip."
        case .gzipTwice: "Compress it once only."
        case .gzip(let error):
            switch error.code {
            case .notGzip, .damaged, .truncated: "Send it again in full; nothing of it was taken."
            case .trailingBytes: "Send it again without what follows."
            case .tooLarge, .ratioTooHigh, .tooManyMembers: "Split it, or hand it in unpacked."
            }
        }
    }
}
