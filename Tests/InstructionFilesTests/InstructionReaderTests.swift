import Instructions
import Testing

@testable import InstructionFiles

@Suite struct InstructionReaderTests {
    @Test("A row with every column becomes an instruction with every field")
    func everyColumn() throws {
        let reading = try read(
            """
            Action,INTENT-ID,amount,Currency,Reason,reference,Line Items,external-processing-date,\
            external_provider_reference,external_merchant_reference,external_provider_name,\
            external_provider_payment_method,expires_at
             Capture , int_1 ,15.50,eur,"late, order",R-1,li_1=10;li_2=5.5,03-10-2024,p-1,m-1,Stripe,PAYPAL,\
            2026-11-20T14:30:00Z\r
            CANCEL,int_2,,,,,,,,,,,
            cancel,int_3,ALL,JPY,,,,,,,,,

            """)
        let eur = try #require(Currency(code: "EUR"))
        var first = Instruction(
            row: 1, line: 2, action: .capture, intentID: "int_1",
            requested: .exactly(Money(minorUnits: 1_550, currency: eur)))
        first.reason = "late, order"
        first.reference = "R-1"
        first.lineItems = [
            LineAmount(id: "li_1", minorUnits: 1_000), LineAmount(id: "li_2", minorUnits: 550),
        ]
        var external = ExternalData(processingDate: 1_727_913_600)
        external.providerReference = "p-1"
        external.merchantReference = "m-1"
        external.providerName = "Stripe"
        external.providerPaymentMethod = "PAYPAL"
        first.externalData = external
        first.expiresAt = 1_795_185_000
        let second = Instruction(
            row: 2, line: 3, action: .cancel, intentID: "int_2", requested: .everything(nil))
        let third = Instruction(
            row: 3, line: 4, action: .cancel, intentID: "int_3",
            requested: .everything(Currency(code: "JPY")))
        #expect(reading.findings == [.instruction(first), .instruction(second), .instruction(third)])
        #expect(reading.summary.rows == 3)
        #expect(reading.summary.columns.first == "Action")
    }

    @Test("A job that allows one action needs no action column, and takes blank cells for it")
    func oneAction() throws {
        let plain = try read("intent_id\nint_1\n", allowed: [.cancel])
        #expect(plain.instructions.map(\.action) == [.cancel])
        let blank = try read("action,intent_id\n,int_1\ncancel,int_2\ncapture,int_3\n", allowed: [.cancel])
        #expect(blank.instructions.map(\.intentID) == ["int_1", "int_2"])
        #expect(
            blank.marks == [
                Mark("action_not_allowed", 3, 4, "action"), Mark("amount_missing", 3, 4, "amount"),
            ])
        let captures = try read("intent_id,amount\nint_1,all\n", allowed: [.capture])
        #expect(captures.instructions.map(\.action) == [.capture])
    }

    @Test("A reason on a capture is no problem")
    func reasonOnCapture() throws {
        let reading = try read("action,intent_id,amount,reason\ncapture,int_1,all,because\n")
        #expect(reading.problems.isEmpty && reading.instructions.count == 1)
    }

    @Test(
        "Every mistake of a row is told with its code and column",
        arguments: [
            (",int_1,,,,,,,,", [Mark("action_missing", 1, 2, "Action")]),
            ("void,int_1,,,,,,,,", [Mark("action_unknown", 1, 2, "Action")]),
            ("cancel,,,,,,,,,", [Mark("intent_id_missing", 1, 2, "intent_id")]),
            ("cancel,a b,,,,,,,,", [Mark("intent_id_invalid", 1, 2, "intent_id")]),
            ("capture,int_1,,EUR,,,,,,", [Mark("amount_missing", 1, 2, "amount")]),
            ("capture,int_1,\"1,5\",EUR,,,,,,", [Mark("amount_decimal_mark", 1, 2, "amount")]),
            ("capture,int_1,0,EUR,,,,,,", [Mark("amount_not_positive", 1, 2, "amount")]),
            ("capture,int_1,1.5,JPY,,,,,,", [Mark("amount_too_many_decimals", 1, 2, "amount")]),
            ("capture,int_1,92233720368547758.08,EUR,,,,,,", [Mark("amount_too_large", 1, 2, "amount")]),
            ("capture,int_1,1.5,,,,,,,", [Mark("currency_missing", 1, 2, "Currency")]),
            ("capture,int_1,1.5,XXX,,,,,,", [Mark("currency_unknown", 1, 2, "Currency")]),
            ("capture,int_1,all,Euro,,,,,,", [Mark("currency_unknown", 1, 2, "Currency")]),
            (
                "capture,int_1,x,Euro,,,,,,",
                [Mark("currency_unknown", 1, 2, "Currency"), Mark("amount_invalid", 1, 2, "amount")]
            ),
            ("capture,int_1,x,,,,,,,", [Mark("amount_invalid", 1, 2, "amount")]),
            ("cancel,int_1,,,,,a=1,,,", [Mark("line_items_without_amount", 1, 2, "Line-Items")]),
            ("cancel,int_1,all,EUR,,,a=1,,,", [Mark("line_items_without_amount", 1, 2, "Line-Items")]),
            ("cancel,int_1,2,EUR,,,a=1,,,", [Mark("line_items_sum", 1, 2, "Line-Items")]),
            ("cancel,int_1,2,EUR,,,a:2,,,", [Mark("line_items_invalid", 1, 2, "Line-Items")]),
            (
                "cancel,int_1,,,,,,,p-1,",
                [Mark("external_data_incomplete", 1, 2, "external_processing_date")]
            ),
            ("cancel,int_1,,,,,,31-02-2026,p-1,", [Mark("date_invalid", 1, 2, "external_processing_date")]),
            ("cancel,int_1,,,,,,,,20-11-2026", [Mark("date_invalid", 1, 2, "expires_at")]),
            (
                "void,,x,XXX,,,,soon,,never",
                [
                    Mark("action_unknown", 1, 2, "Action"), Mark("intent_id_missing", 1, 2, "intent_id"),
                    Mark("currency_unknown", 1, 2, "Currency"), Mark("amount_invalid", 1, 2, "amount"),
                    Mark("date_invalid", 1, 2, "external_processing_date"),
                    Mark("date_invalid", 1, 2, "expires_at"),
                ]
            ),
        ])
    func mistakes(row: String, marks: [Mark]) throws {
        let reading = try read(
            """
            Action,intent_id,amount,Currency,reason,reference,Line-Items,external_processing_date,\
            external_provider_reference,expires_at
            \(row)
            cancel,int_9,,,,,,,,

            """)
        #expect(reading.marks == marks)
        #expect(reading.instructions.map(\.intentID) == ["int_9"])
        #expect(
            reading.problems.allSatisfy { $0.severity == .error && !$0.message.isEmpty && !$0.mend.isEmpty })
    }

    @Test("A header says what it lacks, what it repeats and what nearly is a known name")
    func header() throws {
        let reading = try read("Ammount,intent_id,Intent ID,,notes\n1,2,3,4,5\n")
        #expect(
            reading.marks == [
                Mark("column_near_miss", nil, 1, "Ammount"), Mark("column_duplicate", nil, 1, "Intent ID"),
                Mark("column_missing", nil, 1, "action"),
            ])
        #expect(reading.problems[0].mend.hasPrefix("Name it `amount`"))
        #expect(reading.problems[0].mend.contains("Known columns: action, intent_id, amount"))
        #expect(reading.instructions.isEmpty)
        #expect(
            try read("a\n1\n", allowed: [.capture]).marks.filter { $0.code == "column_missing" }.count == 2)
    }

    @Test("Columns of the file's own are no problem, unless nearly named as a known one")
    func ownColumns() throws {
        let reading = try read("action,intent_id,colour,,colour\ncancel,int_1,red,,\nvoid,int_2,red,,\n")
        #expect(reading.marks == [Mark("action_unknown", 2, 3, "action")])
        #expect(reading.summary.columns == ["action", "intent_id", "colour", "", "colour"])
        for (name, near) in [
            ("ammount", "amount"), ("amuont", "amount"), ("amounts", "amount"), ("Actoin", "action"),
            ("curency", "currency"), ("intentid", "intent_id"), ("intent__id", "intent_id"),
            ("refrence", "reference"), ("expire_at", "expires_at"), ("lineitems", "line_items"),
            ("externl_proccessing_date", "external_processing_date"),
        ] {
            let marks = try read("action,intent_id,\(name)\ncancel,int_1,\n").problems
            #expect(marks.map(\.code) == ["column_near_miss"], "\(name)")
            #expect(marks.first?.mend.hasPrefix("Name it `\(near)`") == true, "\(name)")
        }
        for name in [
            "account", "section", "count", "notes", "id", "amount_2", "reference_2", "amount_eur", "status",
            "season_", "date", "merchant_reference", "name", "total", "", "line", "region",
        ] {
            #expect(try read("action,intent_id,\(name)\ncancel,int_1,x\n").problems.isEmpty, "\(name)")
        }
    }

    @Test(
        "A file without rows is refused with one problem",
        arguments: [
            ("", "file_empty"), ("\u{FEFF}", "file_empty"), ("\n", "column_missing"),
            (" , \ncancel,int_1\n", "column_missing"), ("action,intent_id", "no_rows"),
            ("action,intent_id\n", "no_rows"),
        ])
    func noRows(text: String, code: String) throws {
        #expect(try read(text).problems.map(\.code) == [code])
    }

    @Test("Stretches of blank rows are one warning each, and keep their row numbers")
    func blanks() throws {
        let reading = try read("action,intent_id\n\n,\ncancel,int_1\n , \ncancel,int_2\n,,,,\n\n\"\"\n")
        #expect(
            reading.marks == [
                Mark("blank_row", 1, 2), Mark("blank_row", 4, 5), Mark("blank_row", 6, 7),
            ])
        #expect(reading.problems.allSatisfy { $0.severity == .warning })
        #expect(reading.instructions.map(\.row) == [3, 5])
        #expect(reading.summary.rows == 2 && reading.summary.blankRows == 6)
        #expect(try read("action,intent_id\n,\n").problems.map(\.code) == ["blank_row", "no_rows"])
    }

    @Test("Structural faults stand among the other problems at their place")
    func structure() throws {
        let bytes =
            Array("action,intent_id,reason\ncancel,int_1,a\"b\nvoid,int_2,\ncancel,int_3,".utf8) + [0xE9]
            + Array("\ncancel,int_4,,\n\"cancel\"x,int_5,\ncancel,\"int_6,\ncancel,int_7,\n".utf8)
        let reading = try read(bytes)
        #expect(
            reading.marks == [
                Mark("quote_bare", 1, 2, "reason"), Mark("action_unknown", 2, 3, "action"),
                Mark("utf8_invalid", 3, 4, "reason"), Mark("field_count", 4, 5),
                Mark("quote_text_after", 5, 6, "action"),
                Mark("quote_unterminated", 6, 7, "intent_id"),
            ])
        #expect(reading.instructions.isEmpty && reading.summary.rows == 6)
    }

    @Test("A header that is not RFC 4180 is the only problem told")
    func brokenHeader() throws {
        #expect(try read("action,\"intent_id\ncancel,1\n").marks == [Mark("quote_unterminated", nil, 1, "2")])
        #expect(try read([0xFF, 0x61, 0x00]).marks == [Mark("utf8_invalid", nil, 1, "1")])
    }

    @Test("Reading byte by byte finds the same", arguments: 0..<10)
    func chunks(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let cells = [
            "cancel", "capture", "int_1", "1.50", "EUR", "", "\"a\nb\"", " ", "é", "\"", "x\r", "all",
        ]
        var text = "action,intent_id,amount,currency\n"
        for _ in 0..<200 {
            let count = Int.random(in: 0...20, using: &generator) == 0 ? 3 : 4
            let row = (0..<count).map { _ in cells.randomElement(using: &generator) ?? "" }
            text += row.joined(separator: ",") + (Bool.random(using: &generator) ? "\n" : "\r\n")
        }
        let whole = try read(text)
        #expect(try read(Array(text.utf8), chunkBytes: 1) == whole)
        #expect(try read(Array(text.utf8), chunkBytes: 37) == whole)
        #expect(whole.findings.count > 10)
    }

    @Test("The record reader gives rows the same numbers and lines")
    func inStep() throws {
        let text =
            "action,intent_id,reason\ncancel,int_1,\"a\nb\"\n\n,,\ncancel,int_2,\ncancel,int_3,\"\n\"\r\n"
        let file = try TemporaryFile(text)
        var records = try RecordReader(path: file.path, options: ReadOptions())
        var places: [[Int]] = []
        while let record = try records.next() {
            if record.row > 0, !record.isBlank { places.append([record.row, record.line]) }
        }
        #expect(try read(text).instructions.map { [$0.row, $0.line] } == places)
        #expect(places == [[1, 2], [4, 6], [5, 7]])
        withExtendedLifetime(file) {}
    }

    @Test("A file that is not there or is a directory is told so")
    func unreadable() throws {
        #expect {
            try InstructionReader(
                path: "/nonexistent/x.csv", allowedActions: [.cancel], options: ReadOptions())
        } throws: {
            error in
            (error as? FileReadError)?.code == .missing
        }
        var reader = try InstructionReader(path: "/", allowedActions: [.cancel], options: ReadOptions())
        #expect { try reader.next() } throws: { ($0 as? FileReadError)?.code == .unreadable }
    }

    @Test("Edit distance counts single insertions, removals, replacements and swaps")
    func distance() {
        for (left, right, expected) in [
            ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("amount", "ammount", 1),
            ("action", "actoin", 1), ("account", "amount", 2),
        ] {
            #expect(EditDistance.between(left, right) == expected)
            #expect(EditDistance.between(right, left) == expected)
        }
    }
}
