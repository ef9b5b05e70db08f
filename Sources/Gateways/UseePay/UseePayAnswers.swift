import Instructions
import JSON
import Runs

/// UseePay's error envelope: `{"code": string, "message": string, "source": string or null}`.
struct UseePayEnvelope {
    let code: String
    let message: String?

    /// nil when the document is anything else: a proxy's or a web server's answer is not the gateway's.
    init?(_ document: JSONValue?) {
        guard let object = document?.object, let code = object["code"]?.string, !code.isEmpty,
            !object.isRepeated("code"), !object.isRepeated("message")
        else { return nil }
        let message = object["message"] ?? .null
        guard message.isNull || message.string != nil else { return nil }
        self.code = code
        self.message = message.string
    }
}

/// What an exchange with UseePay means. Whether an intent proves our effect is for the machine to judge.
///
/// | status | to a change | to a read |
/// |---|---|---|
/// | 2xx with the readable intent asked for | intent | intent |
/// | 400, 403, 422 with an envelope | refused | ambiguous |
/// | 404 with an envelope | refused | notFound |
/// | any with the code `service_unavailable` | ambiguous | ambiguous |
/// | 401 | unauthorized | unauthorized |
/// | 429 | throttled | throttled |
/// | everything else | ambiguous | ambiguous |
enum UseePayAnswers {
    static func answer(to call: GatewayCall, _ exchange: HTTPExchange, hiding secrets: [String]) -> Answer {
        let answer =
            switch exchange {
            case .notSent(let why): Answer(.notSent, message: why)
            case .lost(let why, let status): Answer(.ambiguous, httpStatus: status, message: why)
            case .answered(let reply): self.answer(to: call, reply)
            }
        return answer.fitForPeople(hiding: secrets)
    }

    /// UseePay's objects nest five levels deep.
    private static let maximumDepth = 64

    private static func answer(to call: GatewayCall, _ reply: HTTPReply) -> Answer {
        let document = try? JSONValue(parsing: reply.body, maximumDepth: maximumDepth)
        let envelope = UseePayEnvelope(document)
        if (200...299).contains(reply.status) {
            return answer(to: call, status: reply.status, document, envelope)
        }
        let kind = kind(of: reply, to: call, envelope)
        let message = envelope.map { $0.message ?? $0.code } ?? AnswerWords.withoutEnvelope(reply.status)
        return Answer(kind, httpStatus: reply.status, gatewayCode: envelope?.code, message: message)
    }

    private static func answer(
        to call: GatewayCall, status: Int, _ document: JSONValue?, _ envelope: UseePayEnvelope?
    ) -> Answer {
        do {
            let intent = try UseePayIntent.read(document, intentID: call.intentID ?? "")
            return Answer(.intent(intent), httpStatus: status)
        } catch {
            return Answer(
                .ambiguous, httpStatus: status, gatewayCode: envelope?.code,
                message: AnswerWords.unreadable(
                    AnswerWords.intent, status, why: error.why, gatewayMessage: envelope?.message))
        }
    }

    private static func kind(
        of reply: HTTPReply, to call: GatewayCall, _ envelope: UseePayEnvelope?
    ) -> Answer.Kind {
        // Some status or other and "try again": it may have been done all the same.
        if envelope?.code == "service_unavailable" { return .ambiguous }
        return switch (reply.status, call) {
        case (401, _): .unauthorized
        case (429, _): .throttled(RetryAfterHeader.read(reply.headers))
        case (400, .change), (403, .change), (404, .change), (422, .change):
            envelope == nil ? .ambiguous : .refused
        case (404, .read): envelope == nil ? .ambiguous : .notFound
        default: .ambiguous
        }
    }
}
