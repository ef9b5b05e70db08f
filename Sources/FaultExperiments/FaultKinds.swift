/// A fault of the sandbox's script (docs/sandbox.md) and what a row may then end as.
struct FaultKind: Sendable {
    let name: String
    /// The members of the rule after its operation and trigger.
    let rule: String
    /// Outcomes that are right besides the expected one.
    var tolerated: Set<String> = []
    /// Whether it may strike reads, tokens and stored answers too. A read that lies about an amount cannot be told
    /// from the truth, so such damage is done to money-changing calls only.
    var alsoReads = false
    /// Whether the gateway at `--gateway useepay` takes it.
    var isMangopayOnly = false

    static func all(_ gateway: String) -> [FaultKind] {
        (answers + [refusal(gateway)] + connections + damages + mangopay).filter {
            gateway == "mangopay" || !$0.isMangopayOnly
        }
    }

    /// The gateway refuses although it need not: then the row is declined, and rows after it are rejected.
    private static func refusal(_ gateway: String) -> FaultKind {
        let body =
            gateway == "mangopay"
            ? #"{"Message": "no", "Type": "param_error", "Id": "1", "Date": 1.0, "errors": {"Amount": "no"}}"#
            : #"{"code": "invalid_argument", "message": "no", "source": "status"}"#
        return FaultKind(
            name: "answer 400", rule: #""do": "answer", "status": 400, "body": \#(body)"#,
            tolerated: ["declined"])
    }

    private static let answers = [
        FaultKind(name: "answer 500", rule: #""do": "answer", "status": 500"#, alsoReads: true),
        FaultKind(
            name: "answer 503", rule: #""do": "answer", "status": 503, "headers": {"Retry-After": "1"}"#,
            alsoReads: true),
        FaultKind(name: "answer 504", rule: #""do": "answer", "status": 504"#),
        FaultKind(name: "answer 408", rule: #""do": "answer", "status": 408"#),
        FaultKind(
            name: "answer 302",
            rule: #""do": "answer", "status": 302, "headers": {"Location": "http://127.0.0.1:1/"}"#),
        FaultKind(
            name: "answer 429", rule: #""do": "answer", "status": 429, "headers": {"Retry-After": "1"}"#,
            alsoReads: true),
        FaultKind(name: "answer 401", rule: #""do": "answer", "status": 401"#),
        FaultKind(name: "apply then 500", rule: #""do": "apply_then_status", "status": 500"#),
        FaultKind(name: "apply then 503", rule: #""do": "apply_then_status", "status": 503"#),
        FaultKind(name: "html 502", rule: #""do": "html", "status": 502"#, alsoReads: true),
        FaultKind(name: "html 200", rule: #""do": "html", "status": 200"#),
        FaultKind(name: "html 502 applied", rule: #""do": "html", "status": 502, "apply": true"#),
    ]

    private static let connections = [
        FaultKind(name: "drop before", rule: #""do": "drop_before""#, alsoReads: true),
        FaultKind(name: "drop after", rule: #""do": "drop_after""#, alsoReads: true),
        FaultKind(name: "late 1 s", rule: #""do": "late", "milliseconds": 1000"#),
        FaultKind(name: "late 9 s", rule: #""do": "late", "milliseconds": 9000"#),
        FaultKind(name: "delay 300 ms", rule: #""do": "delay", "milliseconds": 300"#, alsoReads: true),
        FaultKind(name: "delay 9 s", rule: #""do": "delay", "milliseconds": 9000"#),
        FaultKind(name: "hang", rule: #""do": "hang""#, alsoReads: true),
        FaultKind(name: "hang applied", rule: #""do": "hang", "apply": true"#),
        FaultKind(name: "drip", rule: #""do": "drip", "milliseconds": 20"#, alsoReads: true),
        FaultKind(name: "half status", rule: #""do": "half_status""#, alsoReads: true),
        FaultKind(name: "half status applied", rule: #""do": "half_status", "apply": true"#),
    ]

    private static let damages = [
        FaultKind(name: "wrong id", rule: #""do": "wrong_id""#, alsoReads: true),
        FaultKind(name: "wrong amount", rule: #""do": "wrong_amount""#),
        FaultKind(name: "truncated", rule: #""do": "truncated""#, alsoReads: true),
        FaultKind(name: "duplicate keys", rule: #""do": "duplicate_keys""#),
    ]

    private static let mangopay = [
        FaultKind(name: "revoke token", rule: #""do": "revoke_token""#, isMangopayOnly: true),
        FaultKind(name: "forget keys", rule: #""do": "forget_keys""#, isMangopayOnly: true),
    ]
}
