import Instructions
import Testing

@testable import InstructionFiles

/// How a CSV file may be written, and what a job says of it.
@Suite struct DialectTests {
    private static let plain =
        "action,intent_id,amount,currency,reason\ncapture,int_1,12.50,EUR,\"a, b; c\"\n"

    private func options(_ change: (inout ReadOptions) -> Void) -> ReadOptions {
        var options = ReadOptions()
        change(&options)
        return options
    }

    @Test("The delimiter is found from the header, or named by a line `sep=`, or by the caller")
    func delimiters() throws {
        let expected = try read(Self.plain).instructions
        #expect(expected.count == 1)
        let rows = "action,intent_id,amount,currency,reason\ncapture,int_1,12.50,EUR,\"a| b; c\"\n"
        for (delimiter, text) in [("comma", ","), ("semicolon", ";"), ("tab", "\t")] {
            let file = rows.replacing("b; c", with: "b# c").replacing(",", with: text)
                .replacing("|", with: ",").replacing("#", with: ";")
            let forced = options { $0.delimiter = .init(rawValue: delimiter) }
            for (head, line) in [
                ("", 2), ("\u{FEFF}", 2), ("sep=\(text)\n", 3), ("SEP=\(text)\r\n", 3),
                ("\u{FEFF}sep=\(text)\n", 3),
            ] {
                for chunkBytes in [1, 3, 1 << 16] {
                    let reading = try read(Array((head + file).utf8), chunkBytes: chunkBytes)
                    #expect(reading.problems.isEmpty, "\(delimiter) \(head) \(reading.marks)")
                    #expect(reading.instructions.map(\.reason) == ["a, b; c"])
                    #expect(reading.instructions.map(\.requested) == expected.map(\.requested))
                    #expect(reading.instructions.map { [$0.row, $0.line] } == [[1, line]])
                }
            }
            #expect(try read(file, options: forced).instructions.count == 1)
        }
        let semicolon = options { $0.delimiter = .semicolon }
        #expect(try read(Self.plain, options: semicolon).marks.first?.code == "column_missing")
        #expect(try read("sep=|\naction|intent_id\n").marks == [Mark("separator_unknown", nil, 1)])
        #expect(try read("intent_id\nint_1\n", allowed: [.cancel]).instructions.count == 1)
        #expect(
            try read("\"a;b;c\",action,intent_id\n1,cancel,int_1\n").instructions.map(\.intentID) == ["int_1"]
        )
        #expect(try read("note;intent_id\na,b,c,d;int_1\n", allowed: [.cancel]).instructions.count == 1)
    }

    @Test("LF, CRLF and CR end lines, each with the same rows and lines")
    func lineEnds() throws {
        for end in ["\n", "\r\n", "\r"] {
            let text = [
                "action,intent_id,reason", "cancel,int_1,\"a\(end)b\"", "", "void,int_2,", "cancel,int_3,",
            ]
            .joined(separator: end)
            for tail in ["", end] {
                for chunkBytes in [1, 1 << 16] {
                    let reading = try read(Array((text + tail).utf8), chunkBytes: chunkBytes)
                    #expect(reading.instructions.map { [$0.row, $0.line] } == [[1, 2], [4, 6]])
                    #expect(
                        reading.marks == [Mark("blank_row", 2, 4), Mark("action_unknown", 3, 5, "action")])
                }
            }
        }
    }

    @Test("Windows-1252 is read when it is said, and named when it is not")
    func windows1252() throws {
        let text = Array(
            "action,intent_id,reason\ncancel,int_1,Stra\u{DF}e ".unicodeScalars.map { UInt8($0.value) })
        let bytes = text + [0x80, 0x93, 0x9F, 0xE9, 0xFF] + Array("\ncancel,int_2,plain\n".utf8)
        let said = options { $0.encoding = .windows1252 }
        for chunkBytes in [1, 2, 1 << 16] {
            let reading = try read(bytes, options: said, chunkBytes: chunkBytes)
            #expect(reading.problems.isEmpty)
            #expect(reading.instructions.map(\.reason) == ["Straße €“Ÿéÿ", "plain"])
        }
        let unsaid = try read(bytes)
        #expect(unsaid.marks == [Mark("utf8_invalid", 1, 2, "reason")])
        #expect(unsaid.problems.first?.mend.contains("--encoding windows-1252") == true)
        // 0x81 is no Windows-1252 either, so the option is not offered.
        let neither = try read(bytes + Array("cancel,int_3,".utf8) + [0xE9, 0x81, 0x0A])
        #expect(neither.problems.last?.mend.contains("windows") == false)
        let undefined = try read(bytes + Array("cancel,int_3,".utf8) + [0x81, 0x0A], options: said)
        #expect(undefined.marks == [Mark("windows_1252_invalid", 3, 4, "reason")])
        // A byte order mark says that it is UTF-8 after all.
        let marked = Array("\u{FEFF}action,intent_id,reason\ncancel,int_1,Straße\n".utf8)
        for chunkBytes in [1, 2, 1 << 16] {
            let reading = try read(marked, options: said, chunkBytes: chunkBytes)
            #expect(reading.instructions.map(\.reason) == ["Straße"])
        }
    }

    @Test("Decimal commas are read when they are said, and named when they are not")
    func decimalComma() throws {
        let text = "action;intent_id;amount;currency;line_items\ncapture;int_1;12,50;EUR;\"a=10,25;b=2,25\"\n"
        let said = options { $0.decimal = .comma }
        let eur = try #require(Currency(code: "EUR"))
        #expect(
            try read(text, options: said).instructions.map(\.requested)
                == [.exactly(Money(minorUnits: 1_250, currency: eur))])
        let unsaid = try read(text)
        #expect(unsaid.marks == [Mark("amount_decimal_mark", 1, 2, "amount")])
        #expect(unsaid.problems.first?.mend.contains("--decimal comma") == true)
        let other = try read(text.replacing("12,50", with: "12.50"), options: said)
        #expect(other.marks == [Mark("amount_decimal_mark", 1, 2, "amount")])
        // NDJSON always has a point.
        let line = #"{"action":"capture","intent_id":"a","amount":1.5,"currency":"EUR"}"#
        #expect(try read(line, options: said).instructions.count == 1)
    }

    @Test("A job maps the file's names, and what it does not map is the file's own")
    func mapping() throws {
        let mapped = options { $0.columns = [.intentID: "PSP Reference", .amount: "Größe"] }
        let csv = "action,psp-reference,GRÖßE,currency,amount\ncapture,int_1,1.50,EUR,not ours\n"
        let reading = try read(csv, options: mapped)
        #expect(reading.problems.isEmpty)
        #expect(reading.instructions.map(\.intentID) == ["int_1"])
        let bad = try read("action,psp_reference,größe\ncapture,a b,all\n", options: mapped)
        #expect(bad.marks == [Mark("intent_id_invalid", 1, 2, "psp_reference")])
        let missing = try read("action,intent_id,amount\n", options: mapped)
        #expect(
            missing.marks == [
                Mark("column_missing", nil, 1, "PSP Reference"), Mark("column_missing", nil, 1, "Größe"),
                Mark("no_rows", nil, nil),
            ])
        #expect(missing.problems.first?.mend.contains("`columns`") == true)
        let line = #"{"action":"capture","PSP reference":"int_1","größe":"all"}"#
        #expect(try read(line, options: mapped).instructions.map(\.intentID) == ["int_1"])
    }

    @Test("Defaults fill in blank cells and missing columns, and are judged as cells are")
    func defaults() throws {
        let filled = options {
            $0.defaults = [
                .action: "capture", .currency: " eur ", .reason: "nightly",
                .externalProcessingDate: "2026-11-20", .externalProviderName: "Stripe",
            ]
        }
        let eur = try #require(Currency(code: "EUR"))
        for text in [
            "intent_id,amount\nint_1,1.50\n", "action,intent_id,amount,currency,reason\n,int_1,1.50, ,\n",
            #"{"intent_id":"int_1","amount":1.50,"reason":null}"#,
        ] {
            let reading = try read(text, options: filled)
            let instruction = try #require(reading.instructions.first, "\(reading.marks)")
            #expect(instruction.action == .capture && instruction.reason == "nightly")
            #expect(instruction.requested == .exactly(Money(minorUnits: 150, currency: eur)))
            #expect(instruction.externalData?.processingDate == 1_795_132_800)
            #expect(instruction.externalData?.providerName == "Stripe")
        }
        let own = try read("intent_id,amount,currency\nint_1,2,JPY\n", options: filled)
        #expect(own.instructions.first?.requested.currency?.code == "JPY")
        let bad = options { $0.defaults = [.expiresAt: "soon"] }
        #expect(
            try read("action,intent_id\ncancel,int_1\n", options: bad).marks
                == [Mark("date_invalid", 1, 2, "expires_at")])
    }

    @Test("A blank amount on a capture is everything when the job says so")
    func blankAmount() throws {
        let all = options { $0.blankAmountIsAll = true }
        #expect(
            try read("action,intent_id,amount\ncapture,int_1,\n", options: all).instructions.map(\.requested)
                == [.everything(nil)])
        let noColumn = try read("intent_id\nint_1\n", allowed: [.capture], options: all)
        #expect(noColumn.instructions.count == 1 && noColumn.problems.isEmpty)
    }

    @Test("A report handed in again runs as it stands, and tells where each row comes from")
    func lineage() throws {
        let csv = """
            action,intent_id,reason,result_run,result_row,result_outcome,result_message
            cancel,int_1,'=1+1,20261120T020001Z-nightly-3fa9c1,17,failed,'-x
            cancel,int_2,'plain,,,,
            cancel,'-int_3,'-9,run,x,,
            """
        let file = try TemporaryFile(csv)
        var reader = try InstructionReader(
            path: file.path, allowedActions: [.cancel, .capture], options: ReadOptions())
        var found: [(String?, Lineage?)] = []
        while let finding = try reader.next() {
            guard case .instruction(let instruction) = finding else {
                Issue.record("\(finding)")
                continue
            }
            found.append((instruction.reason, reader.lineage))
        }
        #expect(found.map(\.0) == ["=1+1", "'plain", "-9"])
        let parent = Lineage(run: "20261120T020001Z-nightly-3fa9c1", row: 17)
        #expect(found.map(\.1) == [parent, nil, nil])
        // Without columns of a report, an apostrophe is the file's own.
        let own = try read("action,intent_id,reason\ncancel,int_1,'=1+1\n")
        #expect(own.instructions.map(\.reason) == ["'=1+1"])
        let line =
            #"{"action":"cancel","intent_id":"a","result_run":"r-1","result_row":3,"result_code":null}"#
        let ndjson = try TemporaryFile(line)
        var lines = try InstructionReader(
            path: ndjson.path, allowedActions: [.cancel], options: ReadOptions())
        _ = try lines.next()
        #expect(lines.lineage == Lineage(run: "r-1", row: 3))
        withExtendedLifetime((file, ndjson)) {}
    }

    @Test("What is no text at all is named for what it is")
    func foreignFiles() throws {
        func utf16(_ text: String, bigEndian: Bool = false) -> [UInt8] {
            text.utf16.flatMap { unit in
                let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
                return bigEndian ? bytes.reversed() : bytes
            }
        }
        func zip(_ name: String) -> [UInt8] {
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array(name.utf8)
                + [UInt8](repeating: 7, count: 200)
        }
        let table: [([UInt8], String)] = [
            (utf16("\u{FEFF}action,intent_id\n"), "utf16_text"), (utf16("action,intent_id\n"), "utf16_text"),
            (utf16("\u{FEFF}action", bigEndian: true), "utf16_text"),
            (utf16("action,intent_id", bigEndian: true), "utf16_text"),
            (zip("[Content_Types].xml"), "spreadsheet_file"), (zip("xl/workbook.xml"), "spreadsheet_file"),
            (zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "spreadsheet_file"),
            (zip("cancellations.csv"), "zip_file"),
            (
                [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 600),
                "spreadsheet_file"
            ),
        ]
        for (bytes, code) in table {
            for chunkBytes in [1, 1 << 16] {
                let reading = try read(bytes, chunkBytes: chunkBytes)
                #expect(reading.marks == [Mark(code, nil, nil)])
            }
        }
    }
}
