import Instructions
import Runs
import Testing

@Suite struct CallEstimateTests {
    struct Case: Sendable {
        let settled: [Outcome: Int]
        let always: Int
    }

    static let cases: [Case] = [
        Case(settled: [:], always: 200),
        Case(settled: [.applied: 50], always: 200),
        Case(settled: [.rejected: 10, .alreadyApplied: 20], always: 125),
        Case(settled: [.applied: 70, .rejected: 20], always: 180),
        Case(settled: [.applied: 7_000, .declined: 500, .rejected: 2_500], always: 176),
    ]

    @Test("a row takes what those before it took, and two calls while nobody knows", arguments: cases)
    func further(_ line: Case) {
        let estimate = CallEstimate(settled: line.settled)
        #expect(estimate.calls(rows: 100, .always) == line.always)
        #expect(estimate.calls(rows: 100, .never) == 100)
    }

    @Test("what was taken is known")
    func taken() {
        let estimate = CallEstimate(settled: [.applied: 7, .unconfirmed: 1, .rejected: 2, .alreadyApplied: 3])
        #expect(estimate.taken(.always) == 2 * 8 + 5)
        #expect(estimate.taken(.never) == 13)
    }
}
