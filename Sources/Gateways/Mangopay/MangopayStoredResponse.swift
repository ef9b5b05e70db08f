import JSON
import Pacing

/// A response that Mangopay saved under a key: `{"StatusCode", "ContentLength", "ContentType", "Date",
/// "RequestURL", "Resource"}`.
struct MangopayStoredResponse {
    /// The page shows a string of digits.
    let status: Int
    /// The body of the response.
    let resource: JSONValue?
    /// nil where it is no HTTP date.
    let date: WallTime?
    let isToOurRequest: Bool

    /// - Parameter path: where the request of the key was sent to.
    static func read(
        _ document: JSONValue?, path: String
    ) throws(UnreadableBody) -> MangopayStoredResponse {
        guard let document else { throw UnreadableBody(why: "it is not JSON") }
        guard let object = document.object else { throw UnreadableBody(why: "it is no JSON object") }
        for key in ["StatusCode", "Date", "RequestURL", "Resource"]
        where object.isRepeated(key) {
            throw UnreadableBody(why: "\(key) is written twice")
        }
        guard let status = status(object["StatusCode"]) else {
            throw UnreadableBody(why: "its StatusCode is \(object["StatusCode"]?.text ?? "missing")")
        }
        guard let url = object["RequestURL"]?.string else {
            throw UnreadableBody(why: "its RequestURL is \(object["RequestURL"]?.text ?? "missing")")
        }
        return MangopayStoredResponse(
            status: status, resource: object["Resource"],
            date: object["Date"]?.string.flatMap(HTTPDate.parse),
            isToOurRequest: comparable(url).hasSuffix(comparable(path)))
    }

    private static func status(_ value: JSONValue?) -> Int? {
        guard let text = value?.string ?? value?.number, text.utf8.count == 3, let status = Int(text),
            (100...599).contains(status)
        else { return nil }
        return status
    }

    /// A URL's path in lower case, percent-decoded, without doubled slashes and without one at its end:
    /// Mangopay's clients write `/V3.0/` and double slashes, and the address may stand behind a proxy's.
    private static func comparable(_ url: String) -> String {
        let address = url.prefix { $0 != "?" && $0 != "#" }
        let afterScheme = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address
        var path: [UInt8] = []
        var bytes = afterScheme.utf8.drop { $0 != UInt8(ascii: "/") }
        while let byte = bytes.popFirst() {
            var byte = byte
            if byte == UInt8(ascii: "%"), let decoded = UInt8(String(bytes.prefix(2)) ?? "", radix: 16) {
                byte = decoded
                bytes = bytes.dropFirst(2)
            }
            if byte == UInt8(ascii: "/"), path.last == byte { continue }
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            path.append(isCapital ? byte + 32 : byte)
        }
        if path.last == UInt8(ascii: "/") { path.removeLast() }
        return String(decoding: path, as: UTF8.self)
    }
}
