import Instructions

// What whole columns tell: gathered in a first reading, reported cell by cell in a second one.
extension InstructionReader {
    /// Notes which columns of a CSV file are searched for card numbers, and what the header itself shows: a file
    /// without one has its first row there.
    mutating func watchHeader(_ header: CSVHeader, line: Int) {
        let names = ColumnNames(options)
        watchedColumns = header.names.indices.filter {
            names.mayHoldCards(header.names[$0], except: cardExceptions)
        }
        let fields = stream.csv.fields
        for index in header.names.indices {
            if CardNumber.stands(in: fields[index]) {
                found.append(Problem(.cardNumber, line: line, column: String(index + 1)))
            } else if SpreadsheetDamage.hasCurlyQuotes(fields[index]) {
                found.append(
                    Problem(.curlyQuotes, line: line, column: header.names[index], value: fields[index]))
            }
        }
    }

    /// Takes the cells of the CSV record that was found last.
    mutating func watchRecord(_ cells: CSVCells, row: Int, line: Int) {
        var damaged: [Problem] = []
        watch.visit(cells) { fault, column, cell in
            damaged.append(Problem(fault, row: row, line: line, column: column, value: cell))
        }
        watch.visit(cells.fields, columns: watchedColumns) { column in
            let title = cells.header.title(at: column)
            damaged.append(Problem(.cardNumber, row: row, line: line, column: title))
        }
        queue(damaged)
    }

    /// Takes the cells of a record whose number of fields is wrong: nobody knows the columns, but a card number
    /// is one wherever it stands, and quotes that a word processor put there may be the reason.
    mutating func watchBrokenRecord(row: Int, line: Int) {
        let fields = stream.csv.fields
        let cardColumn = fields.bounds.indices.first {
            CardNumber.stands(in: fields[$0]) && header?.index(of: .intentID) != $0
        }
        if fields.bounds.indices.contains(where: { SpreadsheetDamage.hasCurlyQuotes(fields[$0]) }) {
            found.append(Problem(.curlyQuotes, row: row, line: line))
        }
        if let cardColumn {
            found.append(Problem(.cardNumber, row: row, line: line, column: String(cardColumn + 1)))
        }
    }

    /// Takes the members of the NDJSON line that was found last.
    mutating func watchLine() {
        let scanner = stream.ndjson
        var damaged: [Problem] = []
        watch.visit(NDJSONCells(members: scanner.members, scanner: scanner)) { fault, column, cell in
            damaged.append(
                Problem(fault, row: scanner.row, line: scanner.line, column: column, value: cell))
        }
        queue(damaged)
        watchMembers()
    }

    /// Looks for card numbers in the members of the line that was found last.
    mutating func watchMembers() {
        let scanner = stream.ndjson
        var damaged: [Problem] = []
        let (text, members) = (scanner.text, scanner.members.members)
        for (place, member) in members.enumerated() {
            let name = member.name(in: text)
            if CardNumber.stands(in: name) {
                found.append(
                    Problem(.cardNumber, row: scanner.row, line: scanner.line, column: String(place + 1)))
            }
            guard memberColumns.isWatched(member.number, name),
                watch.visit(member.value(in: text), column: member.number)
            else { continue }
            damaged.append(
                Problem(.cardNumber, row: scanner.row, line: scanner.line, column: CellText.string(name)))
        }
        queue(damaged)
    }

    private mutating func queue(_ damaged: [Problem]) {
        guard !damaged.isEmpty else { return }
        waiting.insert(contentsOf: damaged.reversed().map(Finding.damage), at: 0)
    }
}
