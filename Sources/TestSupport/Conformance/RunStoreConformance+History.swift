import Instructions
import Pacing
import Runs

extension RunStoreConformance {
    private typealias Samples = RunStoreSamples

    static let historyRules: [Rule] = [
        Rule(sentence: "runs are listed newest first and found by a unique prefix") { subject, findings in
            let names = ["20261120T02-a", "20261120T02-ab", "20261121T02-100%_x"]
            for (index, name) in names.enumerated() {
                let created = Samples.start.advanced(by: .seconds(Int64(index)))
                _ = try await subject.runImport.create(Samples.newRun(name, createdAt: created))
            }
            findings.expect("all", try await subject.history.runs().map(\.name), names.reversed())
            let found = [
                ("20261121", names[2]), ("20261120T02-ab", names[1]), ("20261120T02-a", names[0]),
                ("20261121T02-100%_", names[2]),
            ]
            for (prefix, name) in found {
                findings.expect(prefix, try await subject.history.run(named: prefix).name, name)
            }
            for prefix in ["20261122", "", "20261120T02-abc", "%", "_0261121", "2026112_"] {
                await findings.expect(.noSuchRun, "‘\(prefix)’") {
                    _ = try await subject.history.run(named: prefix)
                }
            }
            await findings.expect(.ambiguousName, "20261120") {
                _ = try await subject.history.run(named: "20261120")
            }
        },
        Rule(sentence: "settlements come in pages in row order, exactly as written") { subject, findings in
            let (run, checkpoint) = try await started(
                subject, (1...30).map { Samples.cancel($0, "pi_\($0)") })
            let settled = (1...30).filter { $0 % 3 != 0 }.map {
                $0 % 2 == 0 ? Samples.fullSettlement($0) : Samples.settlement($0)
            }
            _ = try await checkpoint.commit(
                settled.reversed().enumerated().map {
                    WriteUnit(id: $0.offset, writes: [.settle($0.element)])
                })
            for limit in [1, 7, 100] {
                var pages: [Settlement] = []
                while pages.count <= settled.count {
                    let page = try await subject.history.settlements(
                        of: run, after: pages.last?.row ?? 0, limit: limit)
                    if page.isEmpty { break }
                    findings.expect("page of \(limit) is bounded", page.count <= limit, true)
                    pages += page
                }
                findings.expect("pages of \(limit)", pages, settled)
            }
        },
        Rule(sentence: "intents are found by the rows of one run") { subject, findings in
            let run = try await imported(subject, (1...3).map { Samples.cancel($0, "pi_\($0)") })
            _ = try await imported(subject, [Samples.cancel(4, "pi_4")], name: "other")
            for (rows, ids) in [
                ([], [:]), ([2], [2: "pi_2"]), ([3, 1, 3, 4, 0], [1: "pi_1", 3: "pi_3"]),
            ] as [([Int], [Int: String])] {
                findings.expect(
                    "rows \(rows)", try await subject.history.intentIDs(of: run, rows: rows), ids)
            }
        },
        Rule(sentence: "attempts are counted by the stretch of time in which they were opened") {
            subject, findings in
            // Each is opened as many milliseconds after the start as its row.
            let (run, checkpoint) = try await started(
                subject, (1...30).map { Samples.cancel($0, "pi_\($0)") })
            let other = try await started(subject, [Samples.cancel(1, "pi_99")], name: "other")
            _ = try await checkpoint.commit(
                (1...30).map { WriteUnit(id: $0, writes: [.open(Samples.attempt($0, "pi_\($0)"))]) })
            _ = try await other.checkpoint.commit(
                units([.open(Samples.attempt(1, "pi_99"))]))
            for (offset, width, stretches, counts) in [
                (0, 10, 4, [9, 10, 10, 1]), (0, 100, 1, [30]), (5, 10, 2, [14, 16]),
                (100, 10, 3, [30, 0, 0]), (-50, 10, 3, [0, 0, 30]),
            ] as [(Int64, Int64, Int, [Int])] {
                let start = Samples.start.advanced(by: .milliseconds(offset))
                findings.expect(
                    "\(stretches) of \(width) ms",
                    try await subject.history.attemptCounts(
                        of: run, from: start, every: width, stretches: stretches), counts)
            }
        },
    ]
}
