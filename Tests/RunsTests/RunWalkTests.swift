import Instructions
import Pacing
import Runs
import Testing

@Suite("A whole run")
struct RunWalkTests {
    private func attempt(
        _ row: Int = 1, number: Int = 1, openedAt: WallTime, answer: AnswerClass? = nil
    ) -> Attempt {
        Attempt(
            row: row, number: number, generation: 1, key: "abcdefghijklmnop-\(row)-1", action: .cancel,
            intentID: "pi_1", snapshot: intent("requires_capture"), amount: dollars("100.23"), lines: [],
            body: Array("{}".utf8), openedAt: openedAt, timeout: .seconds(30), answer: answer)
    }

    @Test("walk: kill between commit and send, between send and answer, between answer and commit")
    func openAttemptAfterCrash() {
        // The store shows the same in all three: an open attempt. Either the effect is there, or it is not.
        for (read, changes) in [(gone, 0), (open, 1)] {
            var walk = Walk([])
            walk.started = [row(attempts: [attempt(openedAt: walk.now.wall.advanced(by: .seconds(-2)))])]
            walk.start()
            #expect(walk.openCalls.isEmpty)
            let began = walk.monotonic
            walk.skipToCall()
            #expect(walk.monotonic - began == .seconds(33))
            walk.answer(read)
            #expect(walk.changes.count == changes)
            if changes == 1 {
                #expect(walk.changes[0].key.hasSuffix("-1-2"))
                walk.answer(gone)
            }
            #expect(walk.settlements.map(\.outcome) == [.applied])
            #expect(walk.settlements.first?.statusBefore == "requires_capture")
            #expect(walk.ended == .some(nil))
        }
    }

    @Test("walk: wall clock set back: an attempt from the future waits no longer than a fresh one")
    func clockSetBack() {
        var walk = Walk([])
        walk.started = [row(attempts: [attempt(openedAt: walk.now.wall.advanced(by: .seconds(86_400)))])]
        walk.start()
        let began = walk.monotonic
        walk.skipToCall()
        #expect(walk.monotonic - began == .seconds(35))
    }

    @Test("an attempt that was closed as never sent starts the row anew, with the same key")
    func unsentAttemptAfterCrash() {
        var walk = Walk([])
        walk.started = [row(attempts: [attempt(openedAt: walk.now.wall, answer: .notSent)])]
        walk.start()
        walk.answer(open)
        #expect(walk.changes.map(\.key) == ["abcdefghijklmnop-1-1"])
        #expect(walk.attempts.map(\.number) == [2])
    }

    @Test("walk: two rows on one intent go one after the other")
    func twoRowsOneIntent() {
        var walk = Walk([row(1, .capture)])
        walk.released = [
            1: [
                row(
                    2, .cancel, earlier: .init(row: 1, outcome: .applied, sameActionInFile: false))
            ]
        ]
        walk.start()
        #expect(walk.sent.count == 1)
        walk.answer(open)
        walk.answer(shows("succeeded", captured: "100.23"))
        #expect(walk.settlements.map(\.row) == [1])
        walk.answer(shows("succeeded", captured: "100.23"))
        #expect(walk.settlements.map(\.outcome) == [.applied, .rejected])
    }

    @Test("a row after one that ended badly is rejected unread")
    func earlierRowNotApplied() {
        var walk = Walk([row(1, .capture)])
        walk.released = [
            1: [row(2, .capture, earlier: .init(row: 1, outcome: .declined, sameActionInFile: true))]
        ]
        walk.start()
        walk.answer(open)
        walk.answer(refusal)
        #expect(walk.settlements.map(\.outcome) == [.declined, .rejected])
        #expect(walk.settlements.last?.code == "earlier_row_not_applied")
        #expect(walk.sent.count == 2)
        #expect(walk.ended == .some(nil))
    }

    @Test("a state that an earlier row of the file made is a duplicate, not already applied")
    func duplicateByState() {
        var walk = Walk([
            row(2, .cancel, earlier: .init(row: 1, outcome: .applied, sameActionInFile: true))
        ])
        walk.start()
        walk.answer(gone)
        #expect(walk.settlements.map(\.code) == ["duplicate"])
        #expect(walk.settlements.map(\.outcome) == [.rejected])
    }

    @Test(
        "walk: two runs, one intent: the later waits while the other is executed, and is rejected when it is not"
    )
    func twoRunsOneIntent() {
        var walk = Walk([row()])
        walk.openResults = [
            .intentTaken(run: "other", row: 9, executing: true),
            .intentTaken(run: "other", row: 9, executing: false),
        ]
        walk.start()
        walk.answer(open)
        #expect(walk.changes.isEmpty)
        walk.skipToCall()
        walk.answer(open)
        #expect(walk.changes.isEmpty)
        #expect(walk.settlements.map(\.code) == ["intent_unsettled_elsewhere"])
        #expect(walk.settlements.first?.message?.contains("row 9 of run other") == true)
    }

    @Test("walk: SIGTERM with 64 in flight: answers within the drain are kept, the rest stays open")
    func stopWithCallsInFlight() {
        var walk = Walk((1...100).map { row($0, id: "pi_\($0)") }, concurrency: 64)
        walk.start()
        #expect(walk.openCalls.count == 64)
        for number in 1...64 {
            walk.answer(shows("requires_capture", id: "pi_\(number)"))
        }
        #expect(walk.changes.count == 64)
        walk.tell(.stop(Stop(.signal)))
        #expect(walk.ended == nil)
        for number in 1...20 { walk.answer(shows("canceled", id: "pi_\(number)")) }
        #expect(walk.settlements.count == 20)
        #expect(walk.ended == nil)
        walk.advance(by: .seconds(10))
        #expect(walk.stopReason == .signal)
        #expect(walk.changes.count == 64)
        #expect(walk.attempts.count - walk.closings.count == 44)
    }

    @Test("a stop between commit and send closes the attempt as never sent")
    func stopBeforeSend() {
        var walk = Walk([row()])
        walk.holdsCommits = true
        walk.start()
        walk.answer(open)
        walk.tell(.stop(Stop(.signal)))
        #expect(walk.ended == nil)
        walk.commitHeld()
        #expect(walk.changes.isEmpty)
        walk.commitHeld()
        #expect(walk.closings.map(\.answer) == [.notSent])
        #expect(walk.stopReason == .signal)
    }

    @Test("walk: 15-minute pause between preflight and send: the intent is read again")
    func staleSnapshot() {
        var walk = Walk([row()])
        walk.start()
        walk.grantsLeases = false
        walk.answer(open)
        #expect(walk.wantedLease == 1)
        walk.advance(by: .seconds(900))
        walk.grantsLeases = true
        walk.grant(1)
        #expect(walk.changes.isEmpty)
        walk.answer(gone)
        #expect(walk.settlements.map(\.outcome) == [.alreadyApplied])
    }

    @Test(
        "a missed slot is given back: the committed attempt waits for another lease, and is not committed again"
    )
    func missedSlot() {
        var walk = Walk([row()])
        walk.start()
        walk.holdsCommits = true
        walk.answer(open)
        walk.advance(by: .milliseconds(21))
        walk.grantsLeases = false
        walk.commitHeld()
        #expect(walk.changes.isEmpty)
        #expect(walk.givenBack == 1)
        walk.grant(1)
        #expect(walk.changes.count == 1)
        #expect(walk.attempts.count == 1)
        #expect(walk.givenBack == 1)
    }

    @Test("an attempt that missed its lease when the run stops is closed as never sent")
    func missedWhileStopping() {
        var walk = Walk([row()])
        walk.start()
        walk.answer(open)
        walk.tell(.stop(Stop(.signal)))
        #expect(walk.ended == nil, "the call is awaited")
        walk.miss()
        #expect(walk.changes.isEmpty)
        #expect(walk.closings.map(\.answer) == [.notSent])
        #expect(walk.stopReason == .signal)
    }

    @Test(
        "a lease that is closed when it comes starts nothing, and is given back; so is what is not needed of one"
    )
    func lateLease() {
        var walk = Walk([row(1, id: "pi_1"), row(2, id: "pi_2")])
        walk.grantsLeases = false
        walk.start()
        walk.slot = .milliseconds(-1)
        walk.grant(2)
        #expect(walk.sent.isEmpty)
        #expect(walk.givenBack == 2)
        walk.slot = .milliseconds(20)
        walk.grant(5)
        #expect(walk.letters == "rr")
        #expect(walk.givenBack == 2 + 3)
    }

    @Test("walk: 15-minute pause between commit and send: nothing is sent, then the intent is read again")
    func pausedWhileCommitting() {
        var walk = Walk([row(1, id: "pi_1"), row(2, id: "pi_2")], concurrency: 2)
        walk.slot = .seconds(3600)
        walk.start()
        walk.holdsCommits = true
        walk.answer(open)
        walk.answer(Answer(.throttled(.after(.seconds(900))), httpStatus: 429))
        walk.commitHeld()
        #expect(walk.changes.isEmpty, "a pause that began while the attempt was committed is obeyed")
        walk.holdsCommits = false
        walk.advance(by: .seconds(901))
        #expect(walk.changes.isEmpty, "the snapshot is 15 minutes old")
        #expect(walk.closings.map(\.answer) == [.notSent])
        let reads = walk.openCalls.count
        for _ in 0..<reads {
            let id = walk.openCalls[0].request.call.intentID ?? ""
            walk.answer(shows("canceled", id: id))
        }
        #expect(walk.settlements.map(\.outcome) == [.alreadyApplied, .alreadyApplied])
    }

    @Test("refused credentials stop the run, and the rows it hit stay open")
    func refusedCredentials() {
        for hitsChange in [false, true] {
            var walk = Walk([row()])
            walk.start()
            if hitsChange { walk.answer(open) }
            walk.answer(Answer(.unauthorized, httpStatus: 401, message: "bad key"))
            #expect(walk.stopReason == .credentials)
            #expect(walk.settlements.isEmpty)
            #expect(walk.closings.map(\.answer) == (hitsChange ? [.unauthorized] : []))
        }
    }

    @Test("an unreachable gateway is probed one call at a time, then the run stops and no row is failed")
    func unreachableFromTheStart() throws {
        var walk = Walk((1...40).map { row($0, id: "pi_\($0)") }, concurrency: 8)
        walk.start()
        let began = walk.monotonic
        var most = 0
        while walk.ended == nil {
            most = walk.sent.count > 8 ? max(most, walk.openCalls.count) : most
            if walk.openCalls.isEmpty { try walk.mustSkip() } else { walk.answer(unreachable) }
        }
        #expect(walk.stopReason == .outage)
        #expect(walk.settlements.isEmpty)
        #expect(most == 1)
        #expect(walk.monotonic - began <= .seconds(31))
        #expect(walk.sent.count < 30)
    }

    @Test("a gateway that comes back within outage-wait: every row is applied")
    func outageEnds() throws {
        var walk = Walk(
            (1...20).map { row($0, id: "pi_\($0)") }, rules: RunRules(attempts: 3), concurrency: 8)
        walk.start()
        walk.answer(open)
        var answered = 0
        while walk.ended == nil {
            guard let call = walk.openCalls.first else {
                try walk.mustSkip()
                continue
            }
            answered += 1
            let isChange = if case .change = call.request.call { true } else { false }
            if (10...60).contains(answered) {
                walk.answer(http500)
            } else {
                walk.answer(
                    shows(isChange ? "canceled" : "requires_capture", id: call.request.call.intentID ?? ""))
            }
        }
        #expect(walk.ended == .some(nil))
        #expect(walk.settlements.count == 20)
        #expect(walk.settlements.allSatisfy { $0.outcome == .applied })
        #expect(walk.events.contains(.outageEnded))
    }

    @Test("an outage in the middle is probed after a second, then at most once a minute")
    func probedOnceAMinute() throws {
        var walk = Walk((1...20).map { row($0, id: "pi_\($0)") }, concurrency: 8)
        walk.start()
        walk.answer(open)
        while !walk.events.contains(where: { if case .outageBegan = $0 { true } else { false } }) {
            walk.answer(unreachable)
        }
        while !walk.openCalls.isEmpty { walk.answer(unreachable) }
        let began = walk.monotonic
        var probes: [Duration] = []
        while walk.ended == nil {
            if walk.openCalls.isEmpty { try walk.mustSkip() }
            guard !walk.openCalls.isEmpty else { continue }
            probes.append(walk.monotonic - began)
            walk.answer(unreachable)
        }
        #expect(walk.stopReason == .outage && walk.settlements.isEmpty)
        #expect(probes.first.map { $0 <= .seconds(1) } == true)
        #expect(zip(probes, probes.dropFirst()).allSatisfy { $1 - $0 >= .seconds(60) })
        #expect(probes.count >= 59, "an hour of them")
    }

    @Test("Retry-After pauses the whole account, at most 15 minutes; what is cut is told")
    func retryAfter() {
        for (retryAfter, expected) in [
            (RetryAfter.after(.seconds(7)), Duration.seconds(7)), (.after(.seconds(86_400)), .seconds(900)),
        ] {
            var walk = Walk([row(1, id: "pi_1"), row(2, id: "pi_2")], concurrency: 1)
            walk.start()
            let began = walk.monotonic
            walk.answer(Answer(.throttled(retryAfter), httpStatus: 429))
            #expect(walk.openCalls.isEmpty)
            let asked = walk.events.compactMap { if case .paused(_, let asked) = $0 { asked } else { nil } }
            #expect(asked == (expected == .seconds(900) ? [.seconds(86_400)] : []))
            walk.skipToCall()
            #expect(walk.monotonic - began == expected)
        }
    }

    @Test("an outage of ten minutes: some eleven probes, and every row is applied")
    func longOutage() throws {
        var walk = Walk((1...200).map { row($0, id: "pi_\($0)") }, concurrency: 16)
        walk.start()
        for _ in 0..<16 {
            walk.answer(shows("requires_capture", id: walk.openCalls[0].request.call.intentID ?? ""))
        }
        let began = walk.monotonic
        var probes: [Duration] = []
        while walk.ended == nil {
            guard let call = walk.openCalls.first else {
                try walk.mustSkip()
                continue
            }
            if walk.monotonic - began < .seconds(600) {
                if walk.openCalls.count == 1 { probes.append(walk.monotonic - began) }
                walk.answer(unreachable)
            } else {
                let isChange = if case .change = call.request.call { true } else { false }
                let status = isChange ? "canceled" : "requires_capture"
                walk.answer(shows(status, id: call.request.call.intentID ?? ""))
            }
        }
        #expect(walk.ended == .some(nil))
        #expect(walk.settlements.count == 200)
        #expect(walk.settlements.allSatisfy { $0.outcome == .applied })
        // One after a second, then one a minute.
        #expect((10...11).contains(probes.count), "\(probes)")
    }

    @Test("429 with a Retry-After of nothing slows us down by ourselves")
    func retryAfterNothing() {
        for retryAfter in [RetryAfter.after(.zero), .at(WallTime(seconds: 1))] {
            var walk = Walk([row()], concurrency: 1)
            walk.start()
            let began = walk.monotonic
            for _ in 0..<5 {
                walk.skipToCall()
                walk.answer(Answer(.throttled(retryAfter), httpStatus: 429))
            }
            #expect(walk.monotonic - began == .seconds(1 + 2 + 4 + 8))
        }
    }

    @Test("a wake that comes a moment too early is asked for again")
    func earlyWake() {
        var walk = Walk([row()], concurrency: 1)
        walk.start()
        walk.answer(Answer(.throttled(.after(.seconds(7))), httpStatus: 429))
        let wakes = walk.wakes.count
        walk.monotonic += .seconds(6)
        walk.tell(.clock)
        #expect(walk.wakes.count == wakes + 1)
    }

    @Test("rows in memory stay bounded, whatever the file's size")
    func boundedLoading() {
        var walk = Walk((1...10_000).map { row($0, id: "pi_\($0)") }, concurrency: 4)
        walk.start()
        var largest = 0
        while let call = walk.openCalls.first {
            largest = max(largest, walk.machine.rowsInMemory)
            let isChange = if case .change = call.request.call { true } else { false }
            walk.answer(
                shows(isChange ? "canceled" : "requires_capture", id: call.request.call.intentID ?? ""))
        }
        #expect(walk.ended == .some(nil))
        #expect(walk.settlements.count == 10_000)
        #expect(Set(walk.settlements.map(\.row)).count == 10_000)
        #expect(largest <= 2048)
    }

    @Test("rows that lapse first are loaded first, and a row is not taken twice")
    func startedRowsAreNotLoadedAgain() {
        let left = row(1, attempts: [attempt(openedAt: WallTime(seconds: 1), answer: .throttled)])
        var walk = Walk([left, row(2, id: "pi_2")], started: [left])
        walk.start()
        for answer in [open, gone, shows("requires_capture", id: "pi_2"), shows("canceled", id: "pi_2")] {
            walk.skipToCall()
            let wanted = walk.openCalls.first?.request.call.intentID
            let id = if case .intent(let intent) = answer.kind { intent.id } else { "" }
            if wanted == id {
                walk.answer(answer)
            } else {
                walk.openCalls.append(walk.openCalls.removeFirst()); walk.answer(answer)
            }
        }
        #expect(walk.settlements.map(\.row).sorted() == [1, 2])
        #expect(walk.ended == .some(nil))
    }
}
