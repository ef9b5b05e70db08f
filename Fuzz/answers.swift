import Instructions
import JSON

/// What an answer says of an intent is about the intent that was asked for, adds up, and is the same however its
/// document is laid out. The gateways' own decoders are compiled into this target.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let document = try? JSONValue(parsing: bytes, maximumDepth: 64) else { return 0 }
    let again = try? JSONValue(parsing: document.bytes(pretty: true), maximumDepth: 64)
    let id = document.object?["id"]?.string ?? document.object?["Id"]?.string ?? ""
    for isUseePay in [true, false] {
        let intent = read(document, id, isUseePay)
        Fuzz.expect(intent == read(again, id, isUseePay), "laid out otherwise it is another intent")
        guard let intent else { continue }
        Fuzz.expect(intent.id == id, "an intent that was not asked for")
        Fuzz.expect(intent.amount.minorUnits >= 0, "a negative amount")
        Fuzz.expect(read(document, id + "x", isUseePay) == nil, "taken for another intent")
    }
    let stored = try? MangopayStoredResponse.read(document, path: "/V3.0/client/payins/intents/1/captures")
    Fuzz.expect(
        stored.map { (100...599).contains($0.status) } ?? true, "a stored status that HTTP does not have")
    Fuzz.expect(
        MangopayEnvelope(document)?.message == MangopayEnvelope(again)?.message, "another message")
    return 0
}

private func read(_ document: JSONValue?, _ id: String, _ isUseePay: Bool) -> PaymentIntent? {
    isUseePay
        ? try? UseePayIntent.read(document, intentID: id) : try? MangopayIntent.read(document, intentID: id)
}
