import Instructions
import JSON
import Runs

/// What an exchange with Mangopay means. Whether an intent proves our effect is for the machine to judge.
///
/// | status | to a change | to a read | to a fetch of a stored response |
/// |---|---|---|---|
/// | 2xx with what was asked for | intent | intent | stored |
/// | 400, 403, 422 with an envelope | refused | ambiguous | ambiguous |
/// | 404 with an envelope | refused | notFound | nothingStored |
/// | 404 without | ambiguous | ambiguous | nothingStored |
/// | 409 with an envelope | keyUsed | ambiguous | ambiguous |
/// | 401 | unauthorized | unauthorized | unauthorized |
/// | 429 | throttled | throttled | throttled |
/// | everything else | ambiguous | ambiguous | ambiguous |
enum MangopayAnswers {
    /// Not for a `.token` call. The texts are as the gateway wrote them.
    static func answer(
        to call: GatewayCall, _ exchange: HTTPExchange, requests: MangopayRequests
    ) -> Answer {
        switch exchange {
        case .notSent(let why): return Answer(.notSent, message: why)
        case .lost(let why, let status): return Answer(.ambiguous, httpStatus: status, message: why)
        case .answered(let reply):
            let document = document(reply)
            var answer =
                if case .storedResponse(let change) = call, (200...299).contains(reply.status) {
                    stored(change, reply.status, document, path: requests.path(of: change))
                } else {
                    self.answer(
                        to: call, status: reply.status, document, RetryAfterHeader.read(reply.headers))
                }
            answer.rate = MangopayRateHeaders.read(reply.headers)
            return answer
        }
    }

    /// Mangopay's objects nest five levels deep, a stored response one more.
    private static let maximumDepth = 64

    static func document(_ reply: HTTPReply) -> JSONValue? {
        try? JSONValue(parsing: reply.body, maximumDepth: maximumDepth)
    }

    private static func answer(
        to call: GatewayCall, status: Int, _ document: JSONValue?, _ retryAfter: RetryAfter?
    ) -> Answer {
        let envelope = MangopayEnvelope(document)
        guard (200...299).contains(status) else {
            let kind = kind(status: status, to: call, envelope, retryAfter)
            return Answer(
                kind, httpStatus: status, gatewayCode: envelope?.type,
                message: envelope?.message ?? AnswerWords.withoutEnvelope(status))
        }
        do {
            let intent = try MangopayIntent.read(document, intentID: call.intentID ?? "")
            return Answer(.intent(intent), httpStatus: status)
        } catch {
            return Answer(
                .ambiguous, httpStatus: status, gatewayCode: envelope?.type,
                message: AnswerWords.unreadable(
                    AnswerWords.intent, status, why: error.why, gatewayMessage: envelope?.message))
        }
    }

    private static func stored(
        _ change: Change, _ status: Int, _ document: JSONValue?, path: String
    ) -> Answer {
        do {
            let saved = try MangopayStoredResponse.read(document, path: path)
            // The pages tell of no saved headers, so a saved 429 has no pause.
            let answer = answer(to: .change(change), status: saved.status, saved.resource, nil)
            return Answer(
                .stored(
                    StoredResponse(
                        answer: answer, date: saved.date, isToOurRequest: saved.isToOurRequest)),
                httpStatus: status)
        } catch {
            let envelope = MangopayEnvelope(document)
            return Answer(
                .ambiguous, httpStatus: status, gatewayCode: envelope?.type,
                message: AnswerWords.unreadable(
                    AnswerWords.storedResponse, status, why: error.why, gatewayMessage: envelope?.message))
        }
    }

    private static func kind(
        status: Int, to call: GatewayCall, _ envelope: MangopayEnvelope?, _ retryAfter: RetryAfter?
    ) -> Answer.Kind {
        switch (status, call) {
        case (401, _): .unauthorized
        case (429, _): .throttled(retryAfter)
        case (400, .change), (403, .change), (404, .change), (422, .change):
            envelope == nil ? .ambiguous : .refused
        case (409, .change): envelope == nil ? .ambiguous : .keyUsed
        case (404, .read): envelope == nil ? .ambiguous : .notFound
        case (404, .storedResponse): .nothingStored
        default: .ambiguous
        }
    }
}
