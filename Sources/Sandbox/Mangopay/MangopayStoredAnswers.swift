import JSON

/// The answers to calls that came with an idempotency key, for as long as keys live.
struct MangopayStoredAnswers: Sendable {
    private let lifeMilliseconds: Int64
    private var answers: [String: LedgerStored] = [:]
    /// Oldest first, to forget without a search; as many as calls with a key in one life.
    private var order: [(name: String, at: Int64)] = []
    private var forgotten = 0

    init(lifeSeconds: Int) {
        lifeMilliseconds = Int64(lifeSeconds) * 1000
    }

    func answer(client: String, key: String, at unixMilliseconds: Int64) -> LedgerStored? {
        guard let stored = answers[client + "/" + key],
            unixMilliseconds < (MangopayTime.unixMilliseconds(stored.at) ?? 0) + lifeMilliseconds
        else { return nil }
        return stored
    }

    mutating func keep(_ stored: LedgerStored) {
        let at = MangopayTime.unixMilliseconds(stored.at) ?? 0
        let name = stored.clientID + "/" + stored.key
        answers[name] = stored
        order.append((name, at))
        while forgotten < order.count, order[forgotten].at + lifeMilliseconds <= at {
            let old = order[forgotten]
            forgotten += 1
            if let kept = answers[old.name], MangopayTime.unixMilliseconds(kept.at) == old.at {
                answers[old.name] = nil
            }
        }
        if forgotten > 1024, forgotten > order.count / 2 {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }

    mutating func forgetAll() {
        answers.removeAll()
        order.removeAll()
        forgotten = 0
    }
}

extension LedgerStored {
    /// The answer of GET responses/KEY (fact file, section 12): numbers as strings, the body as it was.
    var wire: JSONValue {
        [
            "StatusCode": .string(String(status)), "ContentLength": .string(String(body.utf8.count)),
            "ContentType": "application/json", "Date": .string(MangopayTime.rfc1123(at)),
            "RequestURL": .string(url),
            "Resource": (try? JSONValue(parsing: body)) ?? .string(body),
        ]
    }
}
