import Instructions

/// Reads the object of one line into its members.
struct MemberReading {
    enum Verdict {
        /// An object, or a blank line; its members are in `members`.
        case row
        case tooManyMembers
        /// Not one JSON object; the name of the member that was being read.
        case invalid(member: String?)
    }

    let members = RowMembers()
    private let rowNames: MemberNames
    private let externalNames: MemberNames
    private let mostMembers: Int

    init(names: ColumnNames, mostMembers: Int) {
        rowNames = MemberNames(names)
        externalNames = MemberNames(names, prefix: ColumnNames.externalPrefix)
        self.mostMembers = mostMembers
    }

    /// The name of a column as the row writes it; with that of its object, in `external_data`.
    func title(of column: Column, row: Int) -> String? {
        rowNames.name(of: column, row: row)
            ?? externalNames.name(of: column, row: row).map { "external_data.\($0)" }
    }

    func read(_ line: Cell, row: Int, scratch: ByteBuffer) -> Verdict {
        members.clear()
        var cursor = JSONCursor(line, scratch: scratch)
        cursor.skipBlanks()
        guard cursor.position < cursor.end else {
            members.isBlank = true
            return .row
        }
        guard cursor.take(UInt8(ascii: "{")) else { return .invalid(member: nil) }
        cursor.skipBlanks()
        var count = 0
        var name = Cell(start: nil, count: 0)
        if !cursor.take(UInt8(ascii: "}")) {
            while true {
                guard count < mostMembers else { return .tooManyMembers }
                guard readMember(&cursor, place: count, row: row, name: &name) else {
                    return .invalid(member: name.isEmpty ? nil : CellText.shortened(name))
                }
                count += 1
                cursor.skipBlanks()
                if cursor.take(UInt8(ascii: ",")) {
                    cursor.skipBlanks()
                    continue
                }
                guard cursor.take(UInt8(ascii: "}")) else { return .invalid(member: nil) }
                break
            }
        }
        cursor.skipBlanks()
        return cursor.position == cursor.end ? .row : .invalid(member: nil)
    }

    /// Reads a name, its colon and its value; false when it is no JSON.
    private func readMember(
        _ cursor: inout JSONCursor, place: Int, row: Int, name: inout Cell
    ) -> Bool {
        let start = cursor.position
        name = Cell(start: nil, count: 0)
        guard let (found, text) = readName(&cursor, in: rowNames, at: place, row: row) else { return false }
        let nameEnd = cursor.position - 1
        guard cursor.takeColon() else { return false }
        name = text
        let (meaning, isRepeated) = (found.meaning, found.isRepeated)
        let valueStart = cursor.position
        let isRead: Bool
        var isOfReport = false
        switch meaning {
        case .column(.lineItems) where cursor.kind == .array:
            isRead = readLineItems(&cursor, name: text)
        case .column(let column):
            isRead = readCell(&cursor, column, name: text, isRepeated: isRepeated)
        case .externalData:
            isRead = readExternalData(&cursor, row: row, name: text)
        case .resultRun, .resultRow, .result:
            isRead = readResult(&cursor, meaning)
            isOfReport = true
        case .nearMiss, .other:
            isRead = cursor.skipValue(depth: 1)
        }
        guard isRead else { return false }
        if case .nearMiss(let column) = meaning {
            members.add(.columnNearMiss(column), of: nil, name: text, value: cursor.cell(from: valueStart))
        } else if isRepeated, !isOfReport {
            members.add(.memberRepeated, of: nil, name: text, value: cursor.cell(from: valueStart))
        }
        members.add(
            .init(
                extent: start..<cursor.position, nameEnd: nameEnd, valueStart: valueStart,
                number: found.number, isOfReport: isOfReport))
        return true
    }

    /// Steps over a name, and gives it without its escapes too; nil when it is none.
    @inline(__always)
    private func readName(
        _ cursor: inout JSONCursor, in names: MemberNames, at place: Int, row: Int
    ) -> (MemberNames.Found, text: Cell)? {
        let start = cursor.position
        if let found = names.takeExpected(&cursor, at: place, row: row) {
            return (found, Cell(start: cursor.base + start + 1, count: cursor.position - start - 2))
        }
        guard cursor.next == ByteSearch.quote, let text = cursor.string() else { return nil }
        return (names.meaning(of: cursor.cell(from: start), at: place, row: row, unescaped: text), text)
    }

    /// The value of a column: text, or a number where digits are meant; `null` is blank.
    private func readCell(
        _ cursor: inout JSONCursor, _ column: Column, name: Cell, isRepeated: Bool
    ) -> Bool {
        let kind = cursor.kind
        let start = cursor.position
        if !members.fill(column), !isRepeated {
            // Two names for one column.
            members.add(.memberRepeated, of: nil, name: name, value: Cell(start: nil, count: 0))
        }
        switch kind {
        case .text:
            guard let text = cursor.string() else { return false }
            members.set(column, text)
            return true
        case .null:
            return cursor.literal("null")
        case .number where column.mayBeNumber:
            guard let digits = cursor.number() else { return false }
            members.set(column, digits)
            return true
        default:
            guard cursor.skipValue(depth: 1) else { return false }
            members.add(
                .memberType(column, found: kind), of: column, name: name, value: cursor.cell(from: start))
            return true
        }
    }

    private func readResult(_ cursor: inout JSONCursor, _ meaning: ColumnNames.Meaning) -> Bool {
        guard cursor.kind == .text || cursor.kind == .number else { return cursor.skipValue(depth: 1) }
        guard let cell = cursor.kind == .text ? cursor.string() : cursor.number() else { return false }
        if meaning == .resultRun { members.resultRun = cell }
        if meaning == .resultRow { members.resultRow = cell }
        return true
    }
}

// The members that are containers of their own.
extension MemberReading {
    private func readExternalData(_ cursor: inout JSONCursor, row: Int, name: Cell) -> Bool {
        guard cursor.kind == .object else {
            guard cursor.kind != .null else { return cursor.literal("null") }
            let (start, kind) = (cursor.position, cursor.kind)
            guard cursor.skipValue(depth: 1) else { return false }
            members.add(
                .memberType(.externalProcessingDate, found: kind), of: .externalProcessingDate, name: name,
                value: cursor.cell(from: start))
            return true
        }
        return readObject(&cursor) { cursor, place in
            guard let (found, text) = readName(&cursor, in: externalNames, at: place, row: row),
                cursor.takeColon()
            else { return false }
            let (meaning, isRepeated) = (found.meaning, found.isRepeated)
            let start = cursor.position
            if case .column(let column) = meaning {
                guard readCell(&cursor, column, name: text, isRepeated: isRepeated) else { return false }
            } else {
                guard cursor.skipValue(depth: 2) else { return false }
            }
            if case .nearMiss(let column) = meaning {
                members.add(.columnNearMiss(column), of: nil, name: text, value: cursor.cell(from: start))
            } else if isRepeated {
                members.add(.memberRepeated, of: nil, name: text, value: cursor.cell(from: start))
            }
            return true
        }
    }

    private func readLineItems(_ cursor: inout JSONCursor, name: Cell) -> Bool {
        if !members.fill(.lineItems) {
            members.add(.memberRepeated, of: nil, name: name, value: Cell(start: nil, count: 0))
        }
        let start = cursor.position
        var items: [LineItemCells] = []
        var isGood = true
        guard cursor.take(UInt8(ascii: "[")) else { return false }
        cursor.skipBlanks()
        if !cursor.take(UInt8(ascii: "]")) {
            while true {
                if cursor.kind == .object {
                    guard readLineItem(&cursor, into: &items, isGood: &isGood) else { return false }
                } else {
                    guard cursor.skipValue(depth: 2) else { return false }
                    isGood = false
                }
                cursor.skipBlanks()
                if cursor.take(UInt8(ascii: ",")) {
                    cursor.skipBlanks()
                    continue
                }
                guard cursor.take(UInt8(ascii: "]")) else { return false }
                break
            }
        }
        if isGood, items.isEmpty { return true }
        members.set(.lineItems, cursor.cell(from: start))
        if isGood {
            members.lineItems = items
        } else {
            members.add(
                .lineItemsInvalid(.members), of: .lineItems, name: name, value: cursor.cell(from: start))
        }
        return true
    }

    /// Reads `{"id": …, "amount": …}`; members of other names are the file's own.
    private func readLineItem(
        _ cursor: inout JSONCursor, into items: inout [LineItemCells], isGood: inout Bool
    ) -> Bool {
        var id: Cell?
        var amount: Cell?
        var isClear = true
        let isRead = readObject(&cursor) { cursor, _ in
            guard cursor.next == ByteSearch.quote, let name = cursor.string(), cursor.takeColon() else {
                return false
            }
            let isID = CellText.equals(name, ignoringCase: "id")
            guard isID || CellText.equals(name, ignoringCase: "amount") else {
                return cursor.skipValue(depth: 3)
            }
            if isID ? id != nil : amount != nil { isClear = false }
            if cursor.kind == .text {
                guard let text = cursor.string() else { return false }
                if isID { id = text } else { amount = text }
            } else if cursor.kind == .number, !isID {
                guard let digits = cursor.number() else { return false }
                amount = digits
            } else {
                isClear = false
                return cursor.skipValue(depth: 3)
            }
            return true
        }
        if let id, let amount, isClear {
            items.append(LineItemCells(id: CellText.trimmed(id), amount: CellText.trimmed(amount)))
        } else {
            isGood = false
        }
        return isRead
    }

    /// Reads an object; `member` reads a name with its colon and its value, is told how many members stand before it,
    /// and gives false when they are no JSON.
    private func readObject(_ cursor: inout JSONCursor, _ member: (inout JSONCursor, Int) -> Bool) -> Bool {
        guard cursor.take(UInt8(ascii: "{")) else { return false }
        cursor.skipBlanks()
        if cursor.take(UInt8(ascii: "}")) { return true }
        var place = 0
        while true {
            guard member(&cursor, place) else { return false }
            place += 1
            cursor.skipBlanks()
            if cursor.take(UInt8(ascii: ",")) {
                cursor.skipBlanks()
                continue
            }
            return cursor.take(UInt8(ascii: "}"))
        }
    }
}

extension Column {
    /// Whether NDJSON may write it as a number: its exact digits count. Ids may not, since most programs that
    /// write JSON have only 53 bits for a number.
    fileprivate var mayBeNumber: Bool {
        switch self {
        case .amount, .externalProcessingDate: true
        default: false
        }
    }
}
