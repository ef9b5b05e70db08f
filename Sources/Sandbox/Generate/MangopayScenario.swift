/// What becomes of one intent in a rehearsal, in one row or several.
enum MangopayScenario: Sendable {
    case cancelWhole, captureAll, captureFullAmount
    /// With references of its own.
    case captureAllWithData
    case cancelPart, capturePart
    /// Part of it was captured before: `all` is what remains.
    case captureRest
    /// One line, or two lines one after the other, then `all`.
    case partThenAll, partsThenAll
    /// The same amount of the same line, told apart by the references.
    case samePartTwice
    /// The rest is captured after a part was cancelled.
    case cancelPartThenAll
    case lineByLine
    /// Already what the row wants.
    case cancelOfCancelled, captureAllOfCaptured, captureAmountOfCaptured
    /// The state forbids it.
    case cancelOfCaptured, cancelOfPartlyCaptured, captureOfCancelled, captureOfRefunded, cancelOfDisputed
    /// More than the line, or the intent, has.
    case captureOfMoreOnLine, cancelOfMoreOnLine, captureOfMore
    case cancelOfUnknown, captureOfUnknown
    case captureInOtherCurrency, partInOtherCurrency
    /// Less than the whole, and no line items.
    case captureWithoutLines, cancelWithoutLines
    case unknownLine

    /// Of 1000 intents; so about four rows in five are applied, as the longer scenarios are.
    private static let shares: [(scenario: MangopayScenario, of1000: Int)] = [
        (.cancelWhole, 230), (.captureAll, 134), (.captureFullAmount, 110), (.captureAllWithData, 60),
        (.cancelPart, 50), (.capturePart, 50), (.captureRest, 25), (.partThenAll, 40), (.partsThenAll, 20),
        (.samePartTwice, 15), (.cancelPartThenAll, 20), (.lineByLine, 16), (.cancelOfCancelled, 36),
        (.captureAllOfCaptured, 29), (.captureAmountOfCaptured, 14), (.cancelOfCaptured, 14),
        (.cancelOfPartlyCaptured, 11), (.captureOfCancelled, 15), (.captureOfRefunded, 8),
        (.cancelOfDisputed, 5), (.captureOfMoreOnLine, 13), (.cancelOfMoreOnLine, 7), (.captureOfMore, 9),
        (.cancelOfUnknown, 12), (.captureOfUnknown, 10), (.captureInOtherCurrency, 11),
        (.partInOtherCurrency, 6), (.captureWithoutLines, 11), (.cancelWithoutLines, 7), (.unknownLine, 12),
    ]

    static func drawn(from stream: inout SplitMix64) -> MangopayScenario {
        var rest = Int(stream.number(below: 1000))
        for (scenario, share) in shares {
            rest -= share
            if rest < 0 { return scenario }
        }
        preconditionFailure("The shares do not add up to 1000.")
    }

    /// How many rows it has at most; the intent then has as many lines, or one more.
    var maximumRows: Int {
        switch self {
        case .partsThenAll, .lineByLine: 3
        case .partThenAll, .samePartTwice, .cancelPartThenAll: 2
        default: 1
        }
    }

    /// Scenarios with line items need lines to choose from.
    var leastLines: Int {
        switch self {
        case .partsThenAll: 3
        case .cancelPart, .capturePart, .captureRest, .partThenAll, .samePartTwice, .cancelPartThenAll,
            .lineByLine, .cancelOfPartlyCaptured, .captureOfMoreOnLine, .cancelOfMoreOnLine,
            .partInOtherCurrency, .captureWithoutLines, .cancelWithoutLines, .unknownLine:
            2
        default: 1
        }
    }
}
