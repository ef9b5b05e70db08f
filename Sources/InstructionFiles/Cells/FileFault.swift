import Gzip
import Instructions

/// Everything that can be wrong in the text of an instruction file, apart from how it is said
/// (`Wording.swift`).
enum FileFault: Error, Equatable {
    // The file and its header.
    case fileEmpty
    case noRows
    case headerBlank
    case columnNearMiss(Column)
    case columnDuplicate(Column)
    /// `name` is what the job says that the file calls it.
    case columnMissing(Column, name: String, allowed: [Action])
    case structure(RecordFault.Kind)
    // The members of an NDJSON line.
    /// A name stands twice in an object, or two names of one column.
    case memberRepeated
    case memberType(Column, found: JSONKind)
    case blankRows(count: Int)
    // The cells of a row.
    case actionMissing
    case actionUnknown
    case actionNotAllowed(allowed: [Action])
    case intentIDMissing
    case intentIDInvalid
    case amountMissing
    case amountInvalid(ReadOptions.DecimalMark)
    /// Figures with the decimal mark that this file is not read with.
    case amountOtherDecimal(expected: ReadOptions.DecimalMark)
    case amountNotPositive
    case amountTooManyDecimals(Currency)
    case amountTooLarge
    case currencyMissing
    case currencyUnknown
    case reasonTooLong(characters: Int)
    case referenceTooLong(characters: Int)
    case lineItemsInvalid(LineItemFault)
    case lineItemsWithoutAmount
    case lineItemsSum(items: String, amount: String)
    case externalDataIncomplete(filled: Column)
    case dateInvalid(Column, DateFault)
    // What spreadsheets and people do to whole files.
    /// Of so many long numbers in the column, so many end in zeros.
    case idRounded(rounded: Int, of: Int)
    case idScientific
    case zerosLost(digits: Int, width: Int)
    case amountThousands
    case curlyQuotes
    /// As a day and month in figures, or as a count of days.
    case dateRewritten(Column, asDays: Bool)
    case totalRow
    case cardNumber
}

/// What is wrong with one `ID=AMOUNT` of a cell.
enum LineItemFault: Equatable {
    case shape
    case id
    case repeated
    case amount(ReadOptions.DecimalMark)
    /// In NDJSON, an item that has not exactly one id and one amount.
    case members
    case tooManyDecimals(Currency)
}

/// What is wrong with a date.
enum DateFault: Error, Equatable {
    /// None of the forms that are taken.
    case form
    /// A date-time that does not say its offset from UTC.
    case noOffset
    /// A day, hour, minute or second that does not exist.
    case noSuchTime
    /// Before 1970 or past 9999.
    case outOfRange
}

/// The stable codes of problems in the text of an instruction file.
package enum FileProblemCode: String, CaseIterable, Sendable {
    case fileEmpty = "file_empty"
    case noRows = "no_rows"
    case columnNearMiss = "column_near_miss"
    case columnDuplicate = "column_duplicate"
    case columnMissing = "column_missing"
    case quoteUnterminated = "quote_unterminated"
    case quoteBare = "quote_bare"
    case quoteTextAfter = "quote_text_after"
    case utf8Invalid = "utf8_invalid"
    case fieldCount = "field_count"
    case recordTooLong = "record_too_long"
    case tooManyColumns = "too_many_columns"
    case carriageReturnAlone = "cr_alone"
    case separatorUnknown = "separator_unknown"
    case windows1252Invalid = "windows_1252_invalid"
    case jsonInvalid = "json_invalid"
    case jsonNotObject = "json_not_object"
    case utf16Text = "utf16_text"
    case spreadsheetFile = "spreadsheet_file"
    case zipFile = "zip_file"
    case gzipTwice = "gzip_twice"
    case gzipDamaged = "gzip_damaged"
    case gzipTruncated = "gzip_truncated"
    case gzipTrailingBytes = "gzip_trailing_bytes"
    case gzipTooLarge = "gzip_too_large"
    case gzipRatio = "gzip_ratio"
    case gzipMembers = "gzip_members"
    case memberRepeated = "member_repeated"
    case memberType = "member_type"
    case blankRow = "blank_row"
    case actionMissing = "action_missing"
    case actionUnknown = "action_unknown"
    case actionNotAllowed = "action_not_allowed"
    case intentIDMissing = "intent_id_missing"
    case intentIDInvalid = "intent_id_invalid"
    case amountMissing = "amount_missing"
    case amountInvalid = "amount_invalid"
    case amountDecimalMark = "amount_decimal_mark"
    case amountNotPositive = "amount_not_positive"
    case amountTooManyDecimals = "amount_too_many_decimals"
    case amountTooLarge = "amount_too_large"
    case currencyMissing = "currency_missing"
    case currencyUnknown = "currency_unknown"
    case reasonTooLong = "reason_too_long"
    case referenceTooLong = "reference_too_long"
    case lineItemsInvalid = "line_items_invalid"
    case lineItemsWithoutAmount = "line_items_without_amount"
    case lineItemsSum = "line_items_sum"
    case externalDataIncomplete = "external_data_incomplete"
    case dateInvalid = "date_invalid"
    case idRounded = "id_rounded"
    case idScientific = "id_scientific"
    case zerosLost = "zeros_lost"
    case amountThousands = "amount_thousands"
    case curlyQuotes = "curly_quotes"
    case dateRewritten = "date_rewritten"
    case totalRow = "total_row"
    case cardNumber = "card_number"
}

extension FileFault {
    var code: FileProblemCode {
        switch self {
        case .fileEmpty: .fileEmpty
        case .noRows: .noRows
        case .headerBlank, .columnMissing: .columnMissing
        case .columnNearMiss: .columnNearMiss
        case .columnDuplicate: .columnDuplicate
        case .structure(let kind): kind.code
        case .memberRepeated: .memberRepeated
        case .memberType: .memberType
        case .blankRows: .blankRow
        case .actionMissing: .actionMissing
        case .actionUnknown: .actionUnknown
        case .actionNotAllowed: .actionNotAllowed
        case .intentIDMissing: .intentIDMissing
        case .intentIDInvalid: .intentIDInvalid
        case .amountMissing: .amountMissing
        case .amountInvalid: .amountInvalid
        case .amountOtherDecimal: .amountDecimalMark
        case .amountNotPositive: .amountNotPositive
        case .amountTooManyDecimals: .amountTooManyDecimals
        case .amountTooLarge: .amountTooLarge
        case .currencyMissing: .currencyMissing
        case .currencyUnknown: .currencyUnknown
        case .reasonTooLong: .reasonTooLong
        case .referenceTooLong: .referenceTooLong
        case .lineItemsInvalid: .lineItemsInvalid
        case .lineItemsWithoutAmount: .lineItemsWithoutAmount
        case .lineItemsSum: .lineItemsSum
        case .externalDataIncomplete: .externalDataIncomplete
        case .dateInvalid: .dateInvalid
        case .idRounded: .idRounded
        case .idScientific: .idScientific
        case .zerosLost: .zerosLost
        case .amountThousands: .amountThousands
        case .curlyQuotes: .curlyQuotes
        case .dateRewritten: .dateRewritten
        case .totalRow: .totalRow
        case .cardNumber: .cardNumber
        }
    }

    var severity: Problem.Severity { code == .blankRow ? .warning : .error }
}

extension RecordFault.Kind {
    fileprivate var code: FileProblemCode {
        switch self {
        case .quoteUnterminated: .quoteUnterminated
        case .quoteBare: .quoteBare
        case .quoteTextAfter: .quoteTextAfter
        case .fieldCount: .fieldCount
        case .carriageReturnAlone: .carriageReturnAlone
        case .separatorUnknown: .separatorUnknown
        case .jsonInvalid: .jsonInvalid
        case .jsonNotObject: .jsonNotObject
        case .utf8Invalid: .utf8Invalid
        case .windows1252Invalid: .windows1252Invalid
        case .recordTooLong: .recordTooLong
        case .tooManyColumns: .tooManyColumns
        case .utf16: .utf16Text
        case .spreadsheet: .spreadsheetFile
        case .zip: .zipFile
        case .gzipTwice: .gzipTwice
        case .gzip(let error): error.code.problemCode
        }
    }
}

extension GzipError.Code {
    fileprivate var problemCode: FileProblemCode {
        switch self {
        case .notGzip, .damaged: .gzipDamaged
        case .truncated: .gzipTruncated
        case .trailingBytes: .gzipTrailingBytes
        case .tooLarge: .gzipTooLarge
        case .ratioTooHigh: .gzipRatio
        case .tooManyMembers: .gzipMembers
        }
    }
}

extension FileProblemCode {
    /// Whether a problem refuses the whole file also with `on-invalid: skip`: where the structure is broken,
    /// nobody knows what the other rows say, and a file with a card number must not be kept.
    package var refusesFile: Bool {
        switch self {
        case .quoteUnterminated, .quoteBare, .quoteTextAfter, .utf8Invalid, .fieldCount, .recordTooLong,
            .tooManyColumns, .carriageReturnAlone, .separatorUnknown, .windows1252Invalid, .jsonInvalid,
            .jsonNotObject, .utf16Text, .spreadsheetFile, .zipFile, .gzipTwice, .gzipDamaged, .gzipTruncated,
            .gzipTrailingBytes, .gzipTooLarge, .gzipRatio, .gzipMembers,
            .cardNumber:
            true
        default: false
        }
    }
}
