package import Pacing
package import Runs

/// Budgets under examination, all of one account: each stands for a process, and each that is made for one that is
/// started later on the same state.
package struct CallBudgetSubject: Sendable {
    let timekeeper: LeapingTimekeeper
    let process: @Sendable ([CallLimit]) async throws -> any CallBudget

    package init(
        timekeeper: LeapingTimekeeper,
        process: @escaping @Sendable ([CallLimit]) async throws -> any CallBudget
    ) {
        self.timekeeper = timekeeper
        self.process = process
    }
}

/// What every implementation of `CallBudget` must do, for several processes on one account. It imports no test
/// library: each check returns what it found wrong.
package enum CallBudgetConformance {
    package typealias Rule = ConformanceRule<CallBudgetSubject>

    package static let rules = [
        Rule(sentence: "a lease is for one call at least and for no more than was asked", check: sizes),
        Rule(
            sentence: "no span of a window has more starts than its limit, over all processes", check: windows
        ),
        Rule(
            sentence: "a process that starts later knows what was called before, however long ago",
            check: restarts),
        Rule(sentence: "calls given back can be leased again", check: givingBack),
        Rule(sentence: "a pause holds for every process, those that start later too", check: pauses),
        Rule(sentence: "what the gateway counts beyond ours is not called", check: readings),
        Rule(sentence: "without limits a lease is given at once", check: unlimited),
    ]

    private static let short = [
        CallLimit(calls: 5, length: .seconds(2)), CallLimit(calls: 12, length: .seconds(10)),
    ]
    private static let day = [CallLimit(calls: 100, length: .seconds(86_400))]

    private static func sizes(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let budget = try await subject.process(short)
        for wanted in [1, 2, 5, 16, 1, 9] {
            let lease = try await budget.lease(upTo: wanted)
            let isRight =
                (1...wanted).contains(lease.calls) && lease.closes > subject.timekeeper.now().monotonic
            findings.expect("\(lease) when asked for \(wanted)", isRight, true)
        }
    }

    private static func windows(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        var budgets = [try await subject.process(short), try await subject.process(short)]
        var starts: [Duration] = []
        for round in 0..<150 {
            if round % 40 == 39 { budgets[round % 2] = try await subject.process(short) }
            let lease = try await budgets[round % 2].lease(upTo: 1 + round % 7)
            // The latest start that the lease allows, and the earliest.
            starts.append(lease.closes)
            for _ in 1..<lease.calls { starts.append(subject.timekeeper.now().monotonic) }
            subject.timekeeper.advance(by: .milliseconds(round % 13))
        }
        starts.sort()
        for limit in short {
            for index in starts.indices.dropFirst(limit.calls)
            where starts[index] - starts[index - limit.calls] < limit.length {
                findings.expect("starts within \(limit.length)", limit.calls + 1, limit.calls)
                return
            }
        }
    }

    private static func restarts(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let began = subject.timekeeper.now().monotonic
        var called = 0
        while called < 100 { called += try await subject.process(day).lease(upTo: 30).calls }
        subject.timekeeper.advance(by: .seconds(3600))
        _ = try await subject.process(day).lease(upTo: 1)
        let waited = subject.timekeeper.now().monotonic - began
        findings.expect("waited a day, not \(waited)", waited >= .seconds(86_400), true)
        findings.expect("waited a day, not \(waited)", waited < .seconds(86_400 + 600), true)
    }

    private static func givingBack(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let budget = try await subject.process(day)
        let lease = try await budget.lease(upTo: 100)
        findings.expect("calls of an untouched window", lease.calls, 100)
        subject.timekeeper.advance(by: .seconds(60))
        await budget.giveBack(40, of: lease)
        findings.expect("calls that were given back", try await budget.lease(upTo: 100).calls, 40)
        findings.expect(
            "time passed", subject.timekeeper.now().monotonic < lease.closes + .seconds(61), true)
    }

    private static func pauses(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let (first, second) = (try await subject.process(short), try await subject.process(short))
        _ = try await second.lease(upTo: 1)
        let until = subject.timekeeper.now().monotonic + .seconds(600)
        try await first.pause(until: until)
        subject.timekeeper.advance(by: .seconds(1))
        _ = try await second.lease(upTo: 1)
        findings.expect("the pause is over", subject.timekeeper.now().monotonic >= until, true)
        let later = subject.timekeeper.now().monotonic + .seconds(600)
        try await second.pause(until: later)
        _ = try await subject.process(short).lease(upTo: 1)
        findings.expect("the second pause is over", subject.timekeeper.now().monotonic >= later, true)
    }

    private static func readings(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let budget = try await subject.process(day)
        _ = try await budget.lease(upTo: 10)
        subject.timekeeper.advance(by: .seconds(2))
        let now = subject.timekeeper.now()
        let reading = RateReading(remaining: 3, resetsAt: now.wall.advanced(by: .seconds(86_400)))
        await budget.note([reading], sentAt: now.monotonic)
        findings.expect("calls that remain", try await budget.lease(upTo: 50).calls, 3)
    }

    private static func unlimited(_ subject: CallBudgetSubject, _ findings: inout Findings) async throws {
        let budget = try await subject.process([])
        let began = subject.timekeeper.now().monotonic
        for _ in 0..<5 { findings.expect("calls", try await budget.lease(upTo: 7).calls, 7) }
        findings.expect("time passed", subject.timekeeper.now().monotonic - began, .zero)
    }
}
