import JSON

/// What a report adds to a record, for one column.
package enum AddedCell: Hashable, Sendable {
    case text(String)
    /// The digits of a number, as JSON writes them.
    case number(String)
    /// Not known: a blank cell, `null` in NDJSON.
    case nothing
}

/// Writes records of an instruction file again, in its dialect, with columns added at their end.
package struct RecordWriter: Sendable {
    private let dialect: FileDialect
    private let added: [String]
    private let csv: CSVWriter
    private let addedKeys: [[UInt8]]

    /// - Parameter added: the names of the columns that are added.
    package init(_ dialect: FileDialect, added: [String]) {
        self.dialect = dialect
        self.added = added
        csv = CSVWriter(delimiter: dialect.delimiter)
        addedKeys = added.map { Self.quoted($0) + [UInt8(ascii: ":")] }
    }

    /// Appends what comes before the first record: the byte order mark, if the dialect needs one.
    package func begin(_ output: inout [UInt8]) {
        if dialect.needsByteOrderMark { output.append(contentsOf: PlainBytes.byteOrderMark) }
    }

    /// Appends the header of CSV with the names added. NDJSON has none.
    package func append(header: FileRecord, to output: inout [UInt8]) {
        precondition(dialect.format == .csv, "NDJSON has no header")
        append(header.fields, added.map(AddedCell.text), to: &output)
    }

    /// Appends a record with what is added to it, in the order of the names.
    package func append(_ record: FileRecord, added cells: [AddedCell], to output: inout [UInt8]) {
        precondition(cells.count == added.count, "a cell for each added column")
        switch dialect.format {
        case .csv: append(record.fields, cells, to: &output)
        case .ndjson: append(members: record.fields, cells, to: &output)
        }
    }

    /// Ours are guarded too: a message or reference may be the gateway's, and so a buyer's, text.
    private func append(_ fields: [[UInt8]], _ cells: [AddedCell], to output: inout [UInt8]) {
        let start = output.count
        for (index, field) in fields.enumerated() {
            field.withUnsafeBufferPointer { csv.append($0, at: index, isGuarded: true, to: &output) }
        }
        for (index, cell) in cells.enumerated() {
            var text =
                switch cell {
                case .text(let text), .number(let text): text
                case .nothing: ""
                }
            text.withUTF8 { csv.append($0, at: fields.count + index, isGuarded: true, to: &output) }
        }
        csv.endRecord(since: start, &output)
    }

    private func append(members: [[UInt8]], _ cells: [AddedCell], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        func separate() {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
        }
        for member in members {
            separate()
            output.append(contentsOf: member)
        }
        for (key, cell) in zip(addedKeys, cells) {
            separate()
            output.append(contentsOf: key)
            switch cell {
            case .text(let text): output.append(contentsOf: Self.quoted(text))
            case .number(let digits): output.append(contentsOf: digits.utf8)
            case .nothing: output.append(contentsOf: "null".utf8)
            }
        }
        output.append(contentsOf: "}\n".utf8)
    }

    private static func quoted(_ text: String) -> [UInt8] { JSONValue.string(text).bytes() }
}
