import JSON
import Testing

@Suite struct AccessTests {
    @Test("an integer is one only without fraction and exponent, and if it fits 64 bits")
    func integers() {
        let table: [(digits: String, value: Int64?)] = [
            ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("10000000000000000999", nil),
        ]
        for row in table {
            #expect(JSONValue.number(row.digits).int64 == row.value, "\(row.digits)")
        }
        #expect(JSONValue.string("1").int64 == nil)
    }

    @Test("a value answers only as what it is")
    func kinds() {
        let values: [JSONValue] = [nil, true, 1, "a", [1], ["a": 1]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil])
        #expect(values.map(\.number) == [nil, nil, "1", nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, "a", nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, [1], nil])
        #expect(values.map(\.object) == [nil, nil, nil, nil, nil, JSONObject(["a": 1])])
        #expect(values.map { $0["a"] } == [nil, nil, nil, nil, nil, 1])
    }

    @Test("repeated keys are kept, reported, and the last one answers")
    func duplicates() throws {
        let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3,"\u0061":4,"c":5,"b":6}"#)
        let object = try #require(value.object)
        #expect(object.members.map(\.key) == ["a", "b", "a", "a", "c", "b"])
        #expect(object.duplicateKeys == ["a", "b"])
        #expect(object["a"] == 4)
        #expect(value["b"] == 6)
    }

    @Test("setting replaces in place, appends, and with nil removes")
    func setting() {
        var object = JSONObject(["a": 1, "b": 2, "a": 3])
        object["a"] = 4
        object["c"] = nil
        object["d"] = "x"
        #expect(JSONValue.object(object).text == #"{"a":4,"b":2,"d":"x"}"#)
        object["a"] = nil
        object["b"] = .some(nil)
        #expect(JSONValue.object(object).text == #"{"b":null,"d":"x"}"#)
    }

    @Test("keys and strings that only look alike are different")
    func composedAndDecomposed() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.object?.duplicateKeys == [])
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
        #expect(JSONValue.number("1.0") != JSONValue.number("1"))
    }
}
