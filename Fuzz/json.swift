import JSON

/// What is read from an answer's body is written as the same document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let value = try? JSONValue(parsing: bytes, maximumDepth: 64) else { return 0 }
    for isPretty in [false, true] {
        let again = try? JSONValue(parsing: value.bytes(pretty: isPretty))
        Fuzz.expect(again == value, "written and read again it is another document")
    }
    return 0
}
