import Instructions

/// How each fault is said to people: what is wrong, and how to mend it.
extension FileFault {
    /// Numbers that the sentences name; the rules use them too.
    enum Limit {
        static let intentID = 128
        static let reason = 255
        static let reference = 64
    }

    var message: String {
        switch self {
        case .fileEmpty: "The file is empty."
        case .noRows: "The file has a header and no rows."
        case .headerBlank: "The first line is blank; it must hold the column names."
        case .columnUnknown(let nearest):
            if let nearest {
                "There is no column of this name; `\(nearest.name)` is the nearest."
            } else {
                "There is no column of this name."
            }
        case .columnDuplicate(let column): "The column `\(column.name)` stands twice in the header."
        case .columnMissing(let column, _): "The column `\(column.name)` is missing."
        case .structure(let kind): kind.message
        case .blankRows(let count): count == 1 ? "The row is blank." : "\(count) rows from here on are blank."
        case .actionMissing: "The action is blank."
        case .actionUnknown: "This is no action."
        case .actionNotAllowed(let allowed): "Only \(Self.words(allowed)) is allowed here."
        case .intentIDMissing: "The intent id is blank."
        case .intentIDInvalid: "An intent id is 1 to \(Limit.intentID) of the characters A-Z a-z 0-9 _ -"
        case .amountMissing: "A capture needs an amount."
        case .amountInvalid: "This is no amount."
        case .amountNotPositive: "The amount must be more than zero."
        case .amountTooManyDecimals(let currency): Self.decimals(currency)
        case .amountTooLarge: "The amount is too large."
        case .currencyMissing: "An amount in figures needs a currency."
        case .currencyUnknown: "ISO 4217 has no such currency."
        case .reasonTooLong(let count): "The reason has \(count) characters; \(Limit.reason) are allowed."
        case .referenceTooLong(let count):
            "The reference has \(count) characters; \(Limit.reference) are allowed."
        case .lineItemsInvalid(let fault): fault.message
        case .lineItemsWithoutAmount: "Line items need the row's amount in figures."
        case .lineItemsSum(let items, let amount):
            "The line items sum to \(items), the amount is \(amount)."
        case .externalDataIncomplete(let filled):
            "`\(filled.name)` is filled in, so the processing date is needed."
        case .dateInvalid(_, let fault): fault.message
        }
    }

    var mend: String {
        switch self {
        case .fileEmpty: "Export the file again: a header line, then one line for each instruction."
        case .noRows: "Export the file again with its rows, or take it out of the folder."
        case .headerBlank: "Put the column names into the first line. \(Self.knownColumns)"
        case .columnUnknown(let nearest):
            if let nearest {
                "Name it `\(nearest.name)`, or remove it. \(Self.knownColumns)"
            } else {
                "Remove it, or name it as one of these. \(Self.knownColumns)"
            }
        case .columnDuplicate: "Keep one of the two."
        case .columnMissing(let column, let allowed):
            if column == .action, allowed.count > 1 {
                "Add the column `action` with \(Self.words(allowed)) in every row."
            } else {
                "Add the column `\(column.name)`."
            }
        case .structure(let kind): kind.mend
        case .blankRows: "Nothing needs to be done; blank rows are passed over."
        case .actionMissing, .actionUnknown: "Write `cancel` or `capture`."
        case .actionNotAllowed: "Remove the row, or run the file with a job that allows this action."
        case .intentIDMissing, .intentIDInvalid: "Copy the id from the gateway, as text."
        case .amountMissing: "Write the amount, such as 100.23, or `all` for what remains."
        case .amountInvalid:
            "Write figures with a decimal point and nothing else, such as 100.23, or `all`."
        case .amountNotPositive: "Write the amount to act on, or remove the row."
        case .amountTooManyDecimals(let currency):
            "Write an amount such as \(Self.example(currency)); a point does not separate thousands."
        case .amountTooLarge: "Write the amount in major units, such as 100.23."
        case .currencyMissing, .currencyUnknown: "Write the ISO 4217 code, such as EUR."
        case .reasonTooLong, .referenceTooLong: "Shorten it."
        case .lineItemsInvalid: "Write ID=AMOUNT;ID=AMOUNT, such as line_1=10.00;line_2=5.50."
        case .lineItemsWithoutAmount: "Write the sum of the line items as the amount, or leave them out."
        case .lineItemsSum: "Correct the line items or the amount."
        case .externalDataIncomplete: "Fill in `external_processing_date`, such as 2026-11-20."
        case .dateInvalid(let column, _):
            if column == .expiresAt {
                "Write 2026-11-20 or 2026-11-20T14:30:00Z."
            } else {
                "Write 2026-11-20, 2026-11-20T14:30:00Z, 20-11-2026 or Unix seconds."
            }
        }
    }

    private static var knownColumns: String {
        "Known columns: \(Column.allCases.map(\.name).joined(separator: ", "))."
    }

    private static func words(_ actions: [Action]) -> String {
        actions.map { "`\($0.rawValue)`" }.joined(separator: " or ")
    }

    fileprivate static func decimals(_ currency: Currency) -> String {
        switch currency.minorUnitDigits {
        case 0: "\(currency.code) has no decimals."
        default: "\(currency.code) has \(currency.minorUnitDigits) decimals at most."
        }
    }

    private static func example(_ currency: Currency) -> String {
        Money(minorUnits: 12_345, currency: currency).majorText
    }
}

extension CSVFault.Kind {
    fileprivate var message: String {
        switch self {
        case .quoteUnterminated: "A quote opens here and is never closed."
        case .quoteBare: "A quote stands inside a field that does not start with one."
        case .quoteTextAfter: "Something other than a comma follows the closing quote."
        case .utf8Invalid: "The bytes are no UTF-8 text."
        case .fieldCount(let found, let expected): "The row has \(found) fields, the header \(expected)."
        case .recordTooLong: "The row is longer than \(CSVLimits().recordBytes) bytes."
        case .tooManyColumns: "The row has more than \(CSVLimits().columns) columns."
        case .carriageReturnAlone: "A carriage return stands alone; lines end with LF or CR LF."
        }
    }

    fileprivate var mend: String {
        switch self {
        case .quoteUnterminated: "Close the quote; the rows below were not checked."
        case .quoteBare: "Put the whole field in quotes and write every quote in it twice."
        case .quoteTextAfter: "Write every quote inside the field twice, and nothing after the closing one."
        case .utf8Invalid: "Save the file as CSV UTF-8."
        case .fieldCount: "Check for a comma too many or too few; a field with a comma needs quotes."
        case .recordTooLong: "Look for a quote that is not closed; the rows below were not checked."
        case .tooManyColumns: "Remove the columns that are not needed; the rows below were not checked."
        case .carriageReturnAlone: "Save the file with LF or CR LF line ends."
        }
    }
}

extension LineItemFault {
    fileprivate var message: String {
        switch self {
        case .shape: "Line items are not written as ID=AMOUNT;ID=AMOUNT."
        case .id: "The id of a line item is 1 to \(FileFault.Limit.intentID) of A-Z a-z 0-9 _ -"
        case .repeated: "A line item stands twice."
        case .amount: "The amount of a line item is no amount above zero."
        case .tooManyDecimals(let currency):
            "A line item has too many decimals: \(FileFault.decimals(currency))"
        }
    }
}

extension DateFault {
    fileprivate var message: String {
        switch self {
        case .form: "This is no date that can be read."
        case .noOffset: "The time does not say its offset from UTC."
        case .noSuchTime: "There is no such day or time."
        case .outOfRange: "The date lies before 1970 or after 9999."
        }
    }
}
