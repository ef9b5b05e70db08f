import Pacing

extension SplitMix64 {
    /// True that many times in a thousand.
    mutating func chance(perMille: Int) -> Bool {
        perMille > 0 && Int(truncatingIfNeeded: next() % 1000) < perMille
    }

    /// Even enough for a simulation: the bias of the remainder is far below what any seed would show.
    mutating func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(truncatingIfNeeded: next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(draw(range)) }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[draw(0...choices.count - 1)] }
}
