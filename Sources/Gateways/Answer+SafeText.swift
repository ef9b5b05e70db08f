import Runs

extension Answer {
    /// The same answer with its texts fit for reports and logs, those of a stored answer in it included.
    func fitForPeople(hiding secrets: [String]) -> Answer {
        var answer =
            if case .stored(let stored) = kind {
                Answer(.stored(stored.fitForPeople(hiding: secrets)), httpStatus: httpStatus)
            } else {
                self
            }
        answer.message = message.map { SafeText.forPeople($0, hiding: secrets) }
        answer.gatewayCode = gatewayCode.map { SafeText.forPeople($0, hiding: secrets) }
        answer.rate = rate
        return answer
    }
}

extension StoredResponse {
    fileprivate func fitForPeople(hiding secrets: [String]) -> StoredResponse {
        StoredResponse(
            answer: answer.fitForPeople(hiding: secrets), date: date, isToOurRequest: isToOurRequest)
    }
}
