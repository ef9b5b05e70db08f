/// What is to go wrong, and when. The first rule that strikes a request wins.
struct FaultScript: Equatable, Sendable {
    struct Rule: Equatable, Sendable {
        /// An operation of the gateway; nil (`*` in the file) selects every request, unknown paths too.
        var operation: String?
        /// Selects requests on this intent only.
        var intentID: String?
        var trigger: Trigger
        var fault: Fault
    }

    /// When a rule strikes, by the number (from 1) of the request among those that the rule selects.
    enum Trigger: Equatable, Sendable {
        /// By chance, 0 to 1, drawn from seed, rule and number.
        case probability(Double)
        /// That one request.
        case nth(Int)
        /// Each request whose number it divides.
        case every(Int)
        /// Each request that comes when so many that it spared came within those milliseconds before: a limit.
        case above(calls: Int, milliseconds: Int64)
    }

    var seed: UInt64
    var rules: [Rule]

    static let nothing = FaultScript(seed: 0, rules: [])
}

/// A fault script at work: counts what each rule selects.
///
/// But for a limit, whether a rule strikes is a pure function of the seed, the rule's index and the number of the request
/// among those that the rule selects (so, for a rule on one operation, the number of the call of that
/// operation). The ledger's requests are counted again at each start: a run that is repeated meets the same
/// faults, one that is resumed goes on.
struct FaultSchedule: Sendable {
    private let script: FaultScript
    private var selected: [Int]
    /// For a rule that is a limit, when the newest requests came that it spared, at most as many as it allows.
    private var spared: [[Int64]]

    init(_ script: FaultScript) {
        self.script = script
        selected = Array(repeating: 0, count: script.rules.count)
        spared = Array(repeating: [], count: script.rules.count)
    }

    /// Counts the next request, which came at that time (Unix milliseconds), and says what strikes it.
    mutating func fault(operation: String, intentID: String?, at time: Int64) -> Fault? {
        var struck: Fault?
        for (index, rule) in script.rules.enumerated() {
            if let wanted = rule.operation, wanted != operation { continue }
            if let wanted = rule.intentID, wanted != intentID { continue }
            selected[index] += 1
            if struck == nil, strikes(rule.trigger, rule: index, at: time) { struck = rule.fault }
        }
        return struck
    }

    private mutating func strikes(_ trigger: FaultScript.Trigger, rule: Int, at time: Int64) -> Bool {
        guard case .above(let calls, let milliseconds) = trigger else {
            return Self.strikes(trigger, seed: script.seed, rule: rule, number: selected[rule])
        }
        spared[rule].removeAll { $0 <= time - milliseconds }
        if spared[rule].count >= calls { return true }
        spared[rule].append(time)
        return false
    }

    static func strikes(_ trigger: FaultScript.Trigger, seed: UInt64, rule: Int, number: Int) -> Bool {
        switch trigger {
        case .above:
            preconditionFailure("A limit strikes by time.")
        case .nth(let wanted):
            return number == wanted
        case .every(let step):
            return number % step == 0
        case .probability(let probability):
            var stream = SplitMix64(seed: seed)
            stream = SplitMix64(seed: stream.next() ^ UInt64(rule))
            stream = SplitMix64(seed: stream.next() ^ UInt64(number))
            // 53 bits: what a Double holds exactly, in 0 ..< 1.
            return Double(stream.next() >> 11) * 0x1p-53 < probability
        }
    }
}
