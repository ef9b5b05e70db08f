import JSON
import Runs

/// What the token endpoint's answers mean. It has OAuth's envelope `{"error", "error_description"}` (RFC
/// 6749, section 5.2) besides Mangopay's own.
///
/// 2xx with a token: token. 400 or 401 with `invalid_client`: credentialsRefused. Everything else is
/// ambiguous, an account "temporarily locked" (`unauthorized_client`) too: that passes.
enum MangopayTokenAnswers {
    /// A longer life is not believed, which also keeps the arithmetic of times in its bounds.
    static let longestLife = Duration.seconds(24 * 3600)
    /// A longer text is no token.
    private static let longestTokenBytes = 4096

    /// The answer, and the token where it has one.
    static func answer(_ exchange: HTTPExchange) -> (answer: Answer, token: String?) {
        switch exchange {
        case .notSent(let why): return (Answer(.notSent, message: why), nil)
        case .lost(let why, let status):
            return (Answer(.ambiguous, httpStatus: status, message: why), nil)
        case .answered(let reply):
            var (answer, token) = answer(reply)
            answer.rate = MangopayRateHeaders.read(reply.headers)
            return (answer, token)
        }
    }

    private static func answer(_ reply: HTTPReply) -> (answer: Answer, token: String?) {
        let document = MangopayAnswers.document(reply)
        guard (200...299).contains(reply.status) else { return (failure(reply.status, document), nil) }
        do {
            let (token, life) = try read(document)
            return (Answer(.token(lifetime: life), httpStatus: reply.status), token)
        } catch {
            let message = AnswerWords.unreadable(
                AnswerWords.token, reply.status, why: error.why, gatewayMessage: nil)
            return (Answer(.ambiguous, httpStatus: reply.status, message: message), nil)
        }
    }

    private static func failure(_ status: Int, _ document: JSONValue?) -> Answer {
        let code = document?["error"]?.string
        let envelope = MangopayEnvelope(document)
        let isRefusal = (status == 400 || status == 401) && code == "invalid_client"
        return Answer(
            isRefusal ? .credentialsRefused : .ambiguous, httpStatus: status,
            gatewayCode: code ?? envelope?.type,
            message: document?["error_description"]?.string ?? code ?? envelope?.message
                ?? AnswerWords.withoutEnvelope(status))
    }

    /// No value of the body comes into an error: any may be the token.
    private static func read(
        _ document: JSONValue?
    ) throws(UnreadableBody) -> (token: String, life: Duration) {
        guard let object = document?.object else { throw UnreadableBody(why: "it is no JSON object") }
        for key in ["access_token", "expires_in", "token_type"] where object.isRepeated(key) {
            throw UnreadableBody(why: "\(key) is written twice")
        }
        guard let token = object["access_token"]?.string, !token.isEmpty,
            token.utf8.count <= longestTokenBytes, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw UnreadableBody(why: "its access_token cannot be used") }
        // A token of another type must not be used (RFC 6749, section 7.1).
        guard object["token_type"]?.string?.lowercased() == "bearer" else {
            throw UnreadableBody(why: "its token_type is not bearer")
        }
        guard let seconds = object["expires_in"]?.int64, seconds > 0 else {
            throw UnreadableBody(why: "its expires_in is no number of seconds")
        }
        return (token, min(.seconds(seconds), longestLife))
    }
}
