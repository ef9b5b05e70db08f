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
        case .columnNearMiss(let column): "This is no column; `\(column.name)` is nearly the same."
        case .columnDuplicate(let column): "The column `\(column.name)` stands twice in the header."
        case .columnMissing(let column, let name, _):
            column.name == name
                ? "The column `\(name)` is missing."
                : "The column `\(name)`, which the job's `columns` names for `\(column.name)`, is missing."
        case .structure(let kind): kind.message
        case .memberRepeated: "The row says this twice."
        case .memberType(let column, let found):
            "`\(column.name)` must be \(Self.kind(of: column)); this is \(found.words)."
        case .blankRows(let count): count == 1 ? "The row is blank." : "\(count) rows from here on are blank."
        case .actionMissing: "The action is blank."
        case .actionUnknown: "This is no action."
        case .actionNotAllowed(let allowed): "Only \(Self.words(allowed)) is allowed here."
        case .intentIDMissing: "The intent id is blank."
        case .intentIDInvalid: "An intent id is 1 to \(Limit.intentID) of the characters A-Z a-z 0-9 _ -"
        case .amountMissing: "A capture needs an amount."
        case .amountInvalid: "This is no amount."
        case .amountOtherDecimal(.point): "The amount has a comma; amounts are read with a decimal point."
        case .amountOtherDecimal(.comma): "The amount has a point; amounts are read with a decimal comma."
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
        case .idRounded(let rounded, let all):
            "The id has zeros behind its first 15 digits, as \(rounded) of \(all) long numbers in the column have: "
                + "a spreadsheet rounded it, and it may be the id of another payment."
        case .idScientific: "A spreadsheet wrote the number with an exponent; its last digits are lost."
        case .zerosLost(let digits, let width):
            "The number has \(digits) digit\(digits == 1 ? "" : "s"), its siblings have \(width) and begin with "
                + "zeros: a spreadsheet took them off."
        case .amountThousands: "The amount has separators between thousands."
        case .curlyQuotes: "Typographic quotes stand here, as word processors and spreadsheets put them."
        case .dateRewritten(_, asDays: true): "The date is a count of days, as spreadsheets keep dates."
        case .dateRewritten(_, asDays: false):
            "The date is written as spreadsheets show it; nobody can tell day and month."
        case .totalRow: "The row is a total of the others and no instruction."
        case .cardNumber: "A card number stands here; such a file must not be kept. The value is not shown."
        }
    }

    var mend: String {
        switch self {
        case .fileEmpty: "Export the file again: a header line, then one line for each instruction."
        case .noRows: "Export the file again with its rows, or take it out of the folder."
        case .headerBlank: "Put the column names into the first line. \(Self.knownColumns)"
        case .columnNearMiss(let column):
            "Name it `\(column.name)`, or rename it so that nobody can take it for that. \(Self.knownColumns)"
        case .columnDuplicate: "Keep one of the two."
        case .columnMissing(let column, let name, let allowed):
            if column.name != name {
                "Add the column `\(name)`, or correct the job's `columns`."
            } else if column == .action, allowed.count > 1 {
                "Add the column `action` with \(Self.words(allowed)) in every row."
            } else {
                "Add the column `\(column.name)`."
            }
        case .structure(let kind): kind.mend
        case .memberRepeated: "Keep one of the two."
        case .memberType(let column, _):
            column == .lineItems
                ? "Write [{\"id\": \"line_1\", \"amount\": \"10.00\"}]."
                : "Write it in quotes\(column == .amount ? ", or as a number" : ""); leave it out when it is blank."
        case .blankRows: "Nothing needs to be done; blank rows are passed over."
        case .actionMissing, .actionUnknown: "Write `cancel` or `capture`."
        case .actionNotAllowed: "Remove the row, or run the file with a job that allows this action."
        case .intentIDMissing, .intentIDInvalid: "Copy the id from the gateway, as text."
        case .amountMissing: "Write the amount, such as 100.23, or `all` for what remains."
        case .amountInvalid(.point):
            "Write figures with a decimal point and nothing else, such as 100.23, or `all`."
        case .amountInvalid(.comma):
            "Write figures with a decimal comma and nothing else, such as 100,23, or `all`."
        case .amountOtherDecimal(.point):
            "Write it as 100.23; when the whole file has decimal commas: `--decimal comma` (in a job `decimal: comma`)."
        case .amountOtherDecimal(.comma):
            "Write it as 100,23; when the whole file has decimal points, leave `--decimal comma` away."
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
        case .idRounded, .idScientific:
            "Copy the ids from the gateway again, into cells formatted as text before; do not round-trip the file "
                + "through a spreadsheet that reads them as numbers."
        case .zerosLost(_, let width):
            "Write all \(width) digits; in the spreadsheet, format the column as text before filling it."
        case .amountThousands: "Write figures and a decimal mark only, such as 1234.56."
        case .curlyQuotes: "Write straight quotes (\") around fields that need them, and none elsewhere."
        case .totalRow: "Remove the row; `FILE.totals.json` or --expect-sum is the place for a total."
        case .cardNumber:
            "Remove it and every copy of the file; if the column holds other numbers, name it in the job: "
                + "`card-check: { except: [column] }`."
        case .dateInvalid(let column, _), .dateRewritten(let column, _):
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

    private static func kind(of column: Column) -> String {
        switch column {
        case .amount, .externalProcessingDate: "text or a number"
        case .lineItems: "an array of objects"
        default: "text"
        }
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

extension LineItemFault {
    fileprivate var message: String {
        switch self {
        case .shape: "Line items are not written as ID=AMOUNT;ID=AMOUNT."
        case .id: "The id of a line item is 1 to \(FileFault.Limit.intentID) of A-Z a-z 0-9 _ -"
        case .repeated: "A line item stands twice."
        case .amount(.point): "The amount of a line item is no amount above zero."
        case .amount(.comma): "The amount of a line item is no amount above zero with a decimal comma."
        case .members: "A line item is an object with one id (text) and one amount (text or a number)."
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

extension JSONKind {
    fileprivate var words: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        case .object: "an object"
        case .array: "an array"
        }
    }
}
