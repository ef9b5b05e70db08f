import Instructions
import Pacing
import Runs
import Testing

@testable import Simulation

@Suite("The simulated store")
struct SimulatedStoreTests {
    private func row(_ number: Int, _ intentID: String, _ action: Action = .cancel) -> Instruction {
        Instruction(
            row: number, line: number + 1, action: action, intentID: intentID, requested: .everything(nil))
    }

    private func attempt(_ row: Int, number: Int = 1, on intentID: String = "pi1") -> RunWrite {
        .open(
            Attempt(
                row: row, number: number, generation: 1, key: "k-\(row)-1", action: .cancel,
                intentID: intentID, snapshot: nil, amount: nil, lines: [], body: [],
                openedAt: WallTime(seconds: 100), timeout: .seconds(30), answer: nil))
    }

    private func closing(_ row: Int) -> RunWrite {
        .close(
            AttemptClosing(
                row: row, number: 1, answer: .proven, httpStatus: 200, gatewayCode: nil,
                closedAt: WallTime(seconds: 200)))
    }

    private func settling(_ row: Int, _ outcome: Outcome = .applied) -> RunWrite {
        .settle(
            Settlement(
                row: row, action: .cancel, outcome: outcome, howKnown: .response,
                finishedAt: WallTime(seconds: 200)))
    }

    private func violated(
        _ store: inout SimulatedStore, _ writes: [RunWrite], run: Int = 0
    ) -> Invariant? {
        do throws(Violation) {
            _ = try store.commit([WriteUnit(id: 1, writes: writes)], to: run)
            return nil
        } catch {
            return error.invariant
        }
    }

    @Test("rows on one intent wait for each other, and are released by the outcome before")
    func order() throws {
        var store = SimulatedStore([("a", [row(1, "pi1"), row(2, "pi2"), row(3, "pi1")])])
        #expect(store.waiting(0, after: nil, limit: 9).map(\.instruction.row) == [1, 2])
        #expect(store.waiting(0, after: LoadCursor(priority: .max, row: 1), limit: 9).count == 1)
        let results = try store.commit([WriteUnit(id: 1, writes: [settling(1)])], to: 0)
        guard case .committed(let released) = results[0] else {
            Issue.record("the unit was refused")
            return
        }
        #expect(released.map(\.instruction.row) == [3])
        #expect(released.first?.earlier == .init(row: 1, outcome: .applied, sameActionInFile: true))
        #expect(store.started(0).map(\.instruction.row) == [3])
    }

    @Test("what the machine must never write is a violation")
    func violations() {
        let cases: [([[RunWrite]], Invariant)] = [
            ([[settling(1)], [settling(1)]], .settledOnce),
            ([[settling(1)], [attempt(1)]], .settledOnce),
            ([[attempt(1)], [attempt(1, number: 2)]], .oneOpenAttempt),
            ([[closing(1)]], .oneOpenAttempt),
            ([[attempt(1)], [closing(1)], [attempt(1)]], .oneOpenAttempt),
            ([[attempt(1)], [settling(1)]], .outcomeWithAttempt),
        ]
        for (units, invariant) in cases {
            var store = SimulatedStore([("a", [row(1, "pi1")])])
            let found = units.map { violated(&store, $0) }
            #expect(found.last == invariant)
            #expect(found.dropLast().allSatisfy { $0 == nil })
        }
    }

    @Test("another run's open attempt and unconfirmed row take an intent; what it applied is judged")
    func otherRuns() throws {
        let outcomes: [([RunWrite], Bool, UnitResult)] = [
            ([attempt(1)], true, .intentTaken(run: "a", row: 1, executing: true)),
            ([attempt(1)], false, .intentTaken(run: "a", row: 1, executing: false)),
            ([settling(1, .unconfirmed)], true, .intentTaken(run: "a", row: 1, executing: false)),
        ]
        for (before, isExecuting, expected) in outcomes {
            var store = SimulatedStore([("a", [row(1, "pi1")]), ("b", [row(1, "pi1")])])
            store.runs[0].isExecuting = isExecuting
            _ = try store.commit([WriteUnit(id: 1, writes: before)], to: 0)
            let results = try store.commit([WriteUnit(id: 1, writes: [attempt(1)])], to: 1)
            #expect(results == [expected])
            #expect(store.runs[1][1].attempts.isEmpty)
        }
        var store = SimulatedStore([("a", [row(1, "pi1")]), ("b", [row(1, "pi1")])])
        _ = try store.commit([WriteUnit(id: 1, writes: [settling(1)])], to: 0)
        let results = try store.commit([WriteUnit(id: 1, writes: [attempt(1)])], to: 1)
        guard case .judgedByEarlierRun(.alreadyApplied(let other)) = results[0] else {
            Issue.record("the row guard let it pass")
            return
        }
        #expect(other.run == "a")
    }

    @Test("abandoning leaves what may be on its way unconfirmed, and the rest not sent")
    func abandoning() throws {
        var store = SimulatedStore([("a", [row(1, "pi1"), row(2, "pi2"), row(3, "pi3")])])
        _ = try store.commit(
            [WriteUnit(id: 1, writes: [attempt(1)]), WriteUnit(id: 2, writes: [settling(2)])], to: 0)
        store.abandon(0, at: WallTime(seconds: 300))
        #expect(store.runs[0].rows.map { $0.settlement?.outcome } == [.unconfirmed, .applied, .notSent])
        #expect(store.unconfirmed(0, after: nil, limit: 9).map(\.instruction.row) == [1])
        #expect(store.newestWall == WallTime(seconds: 300))
    }
}
