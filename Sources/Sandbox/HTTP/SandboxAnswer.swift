import HTTPTypes
import JSON

/// An answer before it becomes bytes.
struct SandboxAnswer: Equatable, Sendable {
    var status: Int
    var headers: HTTPFields = [:]
    var body: [UInt8] = []

    /// An answer with a JSON body.
    static func json(_ value: JSONValue, status: Int = 200) -> SandboxAnswer {
        SandboxAnswer(status: status, headers: [.contentType: "application/json"], body: value.bytes())
    }
}
