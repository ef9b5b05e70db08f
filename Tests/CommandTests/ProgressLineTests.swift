import Instructions
import Pacing
import Runs
import Testing

@testable import Command

@Suite struct ProgressLineTests {
    private static let start: Int64 = 1_795_140_000_000

    private func run(rows: Int, id: Int64 = 1, file: String = "march.csv") -> RunRecord {
        RunRecord(
            id: id, name: "20261120T020001Z-march-3fa9c1", state: .running, accountName: "eu",
            identity: "useepay sandbox i", gateway: "useepay", job: nil,
            input: InputRecord(name: file, path: "/in/" + file, sha256: "", byteCount: 0, snapshotPath: ""),
            keyBase: "", rules: RunRules(), actor: "ann", note: nil,
            createdAt: WallTime(milliseconds: Self.start), startedAt: nil, endedAt: nil, stoppedBy: nil,
            rows: rows, executions: 1, calls: CallCounts())
    }

    private func settlement(_ row: Int, _ outcome: Outcome) -> Settlement {
        Settlement(
            row: row, action: .cancel, outcome: outcome, howKnown: .response,
            finishedAt: WallTime(milliseconds: Self.start))
    }

    private func moment(_ seconds: Double) -> Moment {
        Moment(
            monotonic: .milliseconds(Int64(seconds * 1000)),
            wall: WallTime(milliseconds: Self.start + Int64(seconds * 1000)))
    }

    @Test("Before a run begins there is nothing to say")
    func nothing() {
        var line = ProgressLine()
        #expect(line.text(at: moment(0), width: 80) == nil)
    }

    @Test("It counts on from earlier executions, with rate, binding limit, calls, time left and outcomes")
    func whole() {
        var line = ProgressLine()
        let run = run(rows: 8_000)
        let limits = [
            CallLimit(calls: 2300, length: .seconds(900)), CallLimit(calls: 4500, length: .seconds(1800)),
            CallLimit(calls: 5, length: .seconds(1)),
        ]
        line.note(.began(settled: [.applied: 1_000]), of: run)
        line.note(.allowance(CallForecast(limits), at: .zero), of: run)
        #expect(
            line.text(at: moment(0), width: 200)
                == "march.csv  1,000/8,000 12%  limit 4500/30m  14,000 calls, ends Fri 03:32 UTC  applied 1,000"
        )
        for row in 1...20 { line.note(.settled(settlement(row, .applied)), of: run) }
        line.note(.settled(settlement(21, .rejected)), of: run)
        #expect(
            line.text(at: moment(10), width: 200)
                == "march.csv  1,021/8,000 12%  2.1/s  limit 4500/30m  13,733 calls, ends Fri 03:31 UTC  "
                + "applied 1,020, rejected 1"
        )
    }

    @Test("Where the gateway is slower than the limits, its pace tells the end, and no limit is named")
    func pace() {
        var line = ProgressLine()
        let run = run(rows: 600)
        line.note(.began(settled: [:]), of: run)
        line.note(.allowance(CallForecast([CallLimit(calls: 100, length: .seconds(1))]), at: .zero), of: run)
        #expect(
            line.text(at: moment(0), width: 200)
                == "march.csv  0/600 0%  limit 100/1s  1,200 calls, 11 s left")
        for row in 1...60 { line.note(.settled(settlement(row, .alreadyApplied)), of: run) }
        #expect(
            line.text(at: moment(10), width: 200)
                == "march.csv  60/600 10%  6.0/s  618 calls, 2 min left  already_applied 60")
    }

    @Test("A run that waits for a window is not taken for slow: its end stays where the limits put it")
    func standstill() throws {
        var line = ProgressLine()
        let run = run(rows: 1_150 + 1_150)
        let limits = CallForecast([CallLimit(calls: 2300, length: .seconds(900))])
        line.note(.began(settled: [:]), of: run)
        line.note(.allowance(limits, at: .zero), of: run)
        for second in 0...23 {
            for row in 0..<50 { line.note(.settled(settlement(second * 50 + row + 1, .applied)), of: run) }
            _ = line.text(at: moment(Double(second)), width: 200)
        }
        for second in [60.0, 300, 600] {
            let forecast = line.forecast(at: moment(second))
            let end = try #require(forecast).duration + .seconds(second)
            #expect((.seconds(895) ... .seconds(925)).contains(end), "\(end) at \(second) s")
        }
    }

    @Test("What holds it up stands in the place of the time left, as long as it does")
    func hindrances() {
        var line = ProgressLine()
        let run = run(rows: 10)
        line.note(.began(settled: [:]), of: run)
        line.note(.paused(until: moment(30).wall, asked: nil), of: run)
        #expect(
            line.text(at: moment(0), width: 200) == "march.csv  0/10 0%  paused by the gateway for 30 s")
        _ = line.text(at: moment(30.5), width: 200)
        line.note(.settled(settlement(1, .applied)), of: run)
        #expect(
            line.text(at: moment(31), width: 200) == "march.csv  1/10 10%  applied 1")
        line.note(.outageBegan(message: "refused", givesUpAt: moment(99).wall), of: run)
        let outage = line.text(at: moment(32), width: 200)
        #expect(outage?.contains("the gateway does not answer") == true)
        line.note(.outageEnded, of: run)
        line.note(.settled(settlement(2, .applied)), of: run)
        let after = line.text(at: moment(33), width: 200)
        #expect(after?.contains(" left") == true)
    }

    @Test("The next run of the command begins anew")
    func nextRun() {
        var line = ProgressLine()
        line.note(.began(settled: [.applied: 9]), of: run(rows: 10))
        line.note(.began(settled: [:]), of: run(rows: 20, id: 2, file: "april.csv"))
        #expect(line.text(at: moment(0), width: 200) == "april.csv  0/20 0%")
    }

    @Test("It is never wider than the terminal, and obeys nothing that a file's name says")
    func width() throws {
        var line = ProgressLine()
        line.note(
            .began(settled: [.applied: 9]), of: run(rows: 10, file: "a\u{1B}[2J\nb.csv"))
        for width in 0...60 {
            let drawn = line.text(at: moment(0), width: width)
            let text = try #require(drawn)
            #expect(text.count <= width)
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
        #expect(line.text(at: moment(0), width: 12) == "a?[2J?b.csv…")
    }

    @Test(
        "A length of time in words",
        arguments: [
            (0, "0 s"), (0.2, "1 s"), (59.2, "1 min"), (61, "2 min"), (3_599, "60 min"),
            (11_100, "3 h 5 min"),
            (.infinity, "277777 h 46 min"),
        ] as [(Double, String)])
    func lengths(seconds: Double, text: String) {
        #expect(ProgressLine.length(seconds) == text)
    }
}
