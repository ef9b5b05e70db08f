import Glibc
import Instructions
import JSON

/// `FILE.totals.json`, the control totals beside a file:
/// `{"rows":3,"sums":[{"action":"capture","currency":"EUR","rows":2,"sum":"123.45"}]}`.
package enum TotalsSidecar {
    /// Larger ones are refused: there are two actions and some 160 currencies.
    private static let byteLimit = 1 << 20

    enum Found: Equatable {
        case missing
        case totals(ControlTotals)
        case unreadable(reason: String)
    }

    package static func path(of file: String) -> String { file + ".totals.json" }

    static func read(beside file: String) -> Found {
        // Not blocking, so that a named pipe in its place is refused and not waited for.
        let descriptor = open(path(of: file), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return errno == ENOENT ? .missing : .unreadable(reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .unreadable(reason: "it is no regular file")
        }
        var bytes = [UInt8](repeating: 0, count: byteLimit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return .unreadable(reason: String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
        }
        guard count <= byteLimit else {
            return .unreadable(reason: "it has more than \(byteLimit) bytes")
        }
        do {
            return .totals(try totals(Array(bytes[..<count])))
        } catch {
            return .unreadable(reason: error.reason)
        }
    }

    struct Fault: Error {
        let reason: String
    }

    static func totals(_ bytes: [UInt8]) throws(Fault) -> ControlTotals {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes, maximumDepth: 8) } catch {
            throw Fault(reason: "it is no JSON: \(error)")
        }
        let object = try object(value, "the document", keys: ["rows", "sums"])
        let rows = try object["rows"].map { value throws(Fault) in try count(value) }
        var sums: [ControlTotals.Sum] = []
        if let list = object["sums"] {
            guard let list = list.array else { throw Fault(reason: "`sums` is no list") }
            for element in list {
                let sum = try self.sum(element)
                guard !sums.contains(where: { $0.action == sum.action && $0.currency == sum.currency }) else {
                    throw Fault(reason: "\(sum.action.rawValue) \(sum.currency.code) stands twice")
                }
                sums.append(sum)
            }
        }
        guard rows != nil || object["sums"] != nil else {
            throw Fault(reason: "it has neither `rows` nor `sums`")
        }
        return ControlTotals(rows: rows, sums: sums, listsEverySum: object["sums"] != nil)
    }

    private static func sum(_ value: JSONValue) throws(Fault) -> ControlTotals.Sum {
        let object = try object(value, "an element of `sums`", keys: ["action", "currency", "rows", "sum"])
        guard let action = object["action"]?.string.flatMap(Action.init) else {
            throw Fault(reason: "an `action` is neither cancel nor capture")
        }
        guard let currency = object["currency"]?.string.flatMap(Currency.init) else {
            throw Fault(reason: "a `currency` is no code of ISO 4217")
        }
        let rows = try object["rows"].map { value throws(Fault) in try count(value) }
        guard let text = object["sum"].flatMap({ $0.string ?? $0.number }),
            let sum = try? Money(majorText: text, currency: currency)
        else { throw Fault(reason: "a `sum` is no amount in \(currency.code), such as \"123.45\"") }
        return ControlTotals.Sum(action: action, currency: currency, rows: rows, minorUnits: sum.minorUnits)
    }

    private static func object(
        _ value: JSONValue, _ name: String, keys: Set<String>
    ) throws(Fault) -> JSONObject {
        guard let object = value.object else { throw Fault(reason: "\(name) is no object") }
        // A key that is not known may be a total that nobody compares.
        if let key = object.members.map(\.key).first(where: { !keys.contains($0) }) {
            throw Fault(reason: "`\(key)` is no key of \(name)")
        }
        if let key = object.duplicateKeys.first { throw Fault(reason: "`\(key)` stands twice") }
        return object
    }

    private static func count(_ value: JSONValue) throws(Fault) -> Int {
        guard let count = value.int64.flatMap(Int.init(exactly:)), count >= 0 else {
            throw Fault(reason: "`rows` is no whole number")
        }
        return count
    }
}
