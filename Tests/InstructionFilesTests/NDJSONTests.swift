import Instructions
import Testing

@testable import InstructionFiles

@Suite struct NDJSONTests {
    @Test("A line with every member becomes an instruction with every field")
    func everyMember() throws {
        let reading = try read(
            #"""
            {"action":"capture","intent_id":"int_1","amount":15.50,"currency":"EUR","reason":"late \"order\" \u00e9","reference":"R-1","line_items":[{"id":"li_1","amount":"10"},{"amount":5.5,"id":"li_2","sku":[1]}],"external_data":{"processing_date":"03-10-2024","provider_reference":"p-1","merchant_reference":"m-1","provider_name":"Stripe","provider_payment_method":"PAYPAL"},"expires_at":"2026-11-20T14:30:00Z","own":{"a":[1,{"b":null}]}}
             { "Intent ID" : "int_2" , "ACTION" : "CANCEL" , "amount" : null , "line_items" : [] } 
            {"action":"cancel","intent_id":"int_3","amount":"ALL","currency":"jpy"}

            """#)
        let eur = try #require(Currency(code: "EUR"))
        var first = Instruction(
            row: 1, line: 1, action: .capture, intentID: "int_1",
            requested: .exactly(Money(minorUnits: 1_550, currency: eur)))
        first.reason = "late \"order\" é"
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
            row: 2, line: 2, action: .cancel, intentID: "int_2", requested: .everything(nil))
        let third = Instruction(
            row: 3, line: 3, action: .cancel, intentID: "int_3",
            requested: .everything(Currency(code: "JPY")))
        #expect(reading.findings == [.instruction(first), .instruction(second), .instruction(third)])
    }

    @Test(
        "Every mistake of a line is told with its code and member",
        arguments: [
            (#"{"intent_id":"a"}"#, [Mark("action_missing", 1, 1, "action")]),
            (#"{"Action":"void","intent_id":"a"}"#, [Mark("action_unknown", 1, 1, "Action")]),
            (#"{"action":"cancel"}"#, [Mark("intent_id_missing", 1, 1, "intent_id")]),
            (#"{"action":"cancel","intent_id":7}"#, [Mark("member_type", 1, 1, "intent_id")]),
            (#"{"action":true,"intent_id":"a"}"#, [Mark("member_type", 1, 1, "action")]),
            (
                #"{"action":"capture","intent_id":"a","amount":{"x":1}}"#,
                [Mark("member_type", 1, 1, "amount")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","reference":["x"]}"#,
                [Mark("member_type", 1, 1, "reference")]
            ),
            (#"{"action":"capture","intent_id":"a"}"#, [Mark("amount_missing", 1, 1, "amount")]),
            (
                #"{"action":"capture","intent_id":"a","amount":1e2,"currency":"EUR"}"#,
                [Mark("amount_invalid", 1, 1, "amount")]
            ),
            (
                #"{"action":"capture","intent_id":"a","amount":1.005,"currency":"EUR"}"#,
                [Mark("amount_too_many_decimals", 1, 1, "amount")]
            ),
            (
                #"{"action":"capture","intent_id":"a","amount":-1,"currency":"EUR"}"#,
                [Mark("amount_not_positive", 1, 1, "amount")]
            ),
            (
                #"{"action":"capture","intent_id":"a","amount":1}"#,
                [Mark("currency_missing", 1, 1, "currency")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","action":"capture"}"#,
                [Mark("member_repeated", 1, 1, "action"), Mark("amount_missing", 1, 1, "amount")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","Intent-ID":"b"}"#,
                [Mark("member_repeated", 1, 1, "Intent-ID")]
            ),
            (#"{"action":"cancel","intent_id":"a","x":1,"x":1}"#, [Mark("member_repeated", 1, 1, "x")]),
            (#"{"action":"cancel","intent_id":"a","\u0078":1,"x":1}"#, [Mark("member_repeated", 1, 1, "x")]),
            (
                #"{"action":"cancel","intent_id":"a","ammount":1}"#,
                [Mark("column_near_miss", 1, 1, "ammount")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","external_data":{"provider_name":"x"}}"#,
                [Mark("external_data_incomplete", 1, 1, "external_processing_date")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","external_data":{"processing_date":"soon"}}"#,
                [Mark("date_invalid", 1, 1, "external_data.processing_date")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","external_data":{"procesing_date":1}}"#,
                [Mark("column_near_miss", 1, 1, "procesing_date")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","external_data":[]}"#,
                [Mark("member_type", 1, 1, "external_data")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","line_items":[{"id":"x","amount":1}]}"#,
                [Mark("line_items_without_amount", 1, 1, "line_items")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","amount":2,"currency":"EUR","line_items":[{"id":"x","amount":1}]}"#,
                [Mark("line_items_sum", 1, 1, "line_items")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","amount":2,"currency":"EUR","line_items":[{"id":"x=1;y","amount":1}]}"#,
                [Mark("line_items_invalid", 1, 1, "line_items")]
            ),
            (
                #"{"action":"cancel","intent_id":"a","amount":2,"currency":"EUR","line_items":[{"id":"x"},7]}"#,
                [Mark("line_items_invalid", 1, 1, "line_items")]
            ),
            ("[1]", [Mark("json_not_object", 1, 1)]),
            ("{\"action\":\"cancel\"", [Mark("json_invalid", 1, 1)]),
            (#"{"action":cancel}"#, [Mark("json_invalid", 1, 1, "action")]),
            (#"{"action":"cancel"} x"#, [Mark("json_invalid", 1, 1)]),
        ])
    func mistakes(line: String, marks: [Mark]) throws {
        let reading = try read(line + "\n" + #"{"action":"cancel","intent_id":"int_9"}"#)
        #expect(reading.marks == marks)
        #expect(reading.instructions.map(\.intentID) == ["int_9"])
        #expect(reading.instructions.map(\.row) == [2])
        #expect(reading.problems.allSatisfy { !$0.message.isEmpty && !$0.mend.isEmpty })
    }
}

extension NDJSONTests {
    @Test("Reading byte by byte finds the same", arguments: 0..<10)
    func chunks(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let lines = [
            #"{"action":"cancel","intent_id":"int_1"}"#,
            #"{"intent_id":"int_2","action":"capture","amount":1}"#,
            "", "  ", #"{"action":"cancel","intent_id":"é","x":[1,2]}"#, "{", "[]", #"{"action":"cancel","#,
            #"{"action":"cancel","intent_id":"\u0061","own":"\ud83d\ude00"}"#, #"{"amount":true}"#,
        ]
        var text = "{}\n"
        for _ in 0..<100 {
            text += lines.randomElement(using: &generator) ?? ""
            text += ["\n", "\r\n", "\r", "\n\r"].randomElement(using: &generator) ?? ""
        }
        let whole = try read(text)
        #expect(try read(Array(text.utf8), chunkBytes: 1) == whole)
        #expect(try read(Array(text.utf8), chunkBytes: 29) == whole)
        #expect(whole.findings.count > 20)
    }

    @Test("Lines and rows count as in CSV, whatever ends a line; a mark at the start is no problem")
    func positions() throws {
        let good = #"{"action":"cancel","intent_id":"a"}"#
        for end in ["\n", "\r\n", "\r"] {
            for head in ["", "\u{FEFF}"] {
                let text = head + [good, "", " \t", good, "{", good].joined(separator: end)
                for tail in ["", end] {
                    let reading = try read(text + tail)
                    #expect(reading.instructions.map { [$0.row, $0.line] } == [[1, 1], [4, 4], [6, 6]])
                    #expect(reading.marks == [Mark("blank_row", 2, 2), Mark("json_invalid", 5, 5)])
                    #expect(reading.summary.rows == 4)
                }
            }
        }
    }

    @Test("A problem names the byte, and what else the file may be")
    func words() throws {
        let reading = try read("{\"action\":\"cancel\",}\n[{\"a\":1}]\n")
        #expect(reading.problems[0].message.contains("byte 20"))
        #expect(reading.problems[1].mend.contains("jq -c .[]"))
        #expect(try read("[{\"action\":\"cancel\"},\n").marks == [Mark("json_invalid", 1, 1)])
        let bytes =
            Array("{\"action\":\"cancel\",\"intent_id\":\"a\",\"reason\":\"caf".utf8) + [0xE9, 0x22, 0x7D]
        let latin = try read(bytes)
        #expect(latin.marks == [Mark("utf8_invalid", 1, 1, "reason")])
        #expect(latin.problems[0].mend.contains("--encoding windows-1252"))
        var options = ReadOptions()
        options.encoding = .windows1252
        #expect(try read(bytes, options: options).instructions.map(\.reason) == ["café"])
    }

    @Test("Limits on bytes and members hold exactly and end the scan")
    func limits() throws {
        var limits = RecordLimits()
        limits.bytes = 40
        limits.columns = 3
        let line = #"{"action":"cancel","intent_id":"int_1"}"#
        #expect(line.utf8.count == 39)
        for chunkBytes in [1, 1 << 16] {
            func codes(_ text: String) throws -> [String] {
                try read(Array(text.utf8), limits: limits, chunkBytes: chunkBytes).problems.map(\.code)
            }
            #expect(try codes(line + " \n" + line).isEmpty)
            #expect(try codes(line + "  \n" + line) == ["record_too_long"])
            #expect(try codes(line + "  ") == ["record_too_long"])
            #expect(try codes(#"{"a":1,"b":2,"c":3}"#).contains("too_many_columns") == false)
            #expect(try codes(#"{"a":1,"b":2,"c":3,"d":4}"#) == ["too_many_columns"])
        }
    }
}
