import ArgumentParser
import Foundation
import UnixSignals

/// `make faults`: the real binary under kills, faults and races, judged by the sandbox's own ledger.
@main
struct FaultExperiments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault-experiments",
        abstract: "Tries the promises on the real binary, judged by the sandbox's own ledger.",
        discussion: "Exit 1 when a promise was broken, 2 when an experiment could not be made.")

    @Option(help: "The binary under trial.")
    var binary: String

    @Option(help: "Experiments whose names begin so; several with commas.")
    var only = ""

    @Option(help: "What is drawn by chance follows from it and the experiment's name.")
    var seed: UInt64 = .random(in: 1...999_999)

    @Option(help: "Trials at a time within an experiment that allows it.")
    var width = 6

    @Flag(help: "A subset that takes less than 4 minutes.")
    var quick = false

    @Flag(help: "List the experiments.")
    var list = false

    func run() async throws {
        let chosen = Experiment.all.filter { experiment in
            let names = only.split(separator: ",")
            return (!quick || experiment.isQuick)
                && (names.isEmpty || names.contains { experiment.name.hasPrefix($0) })
        }
        guard !chosen.isEmpty else { throw ValidationError("no experiment is called \(only)") }
        if list {
            for experiment in chosen { Self.say("\(experiment.name): \(experiment.says)") }
            return
        }
        let bench = Bench(binary: binary, seed: seed, width: width, isQuick: quick)
        let records = try await Self.untilSignal { await Self.records(of: chosen, on: bench) }
        Self.say("\n" + Record.table(records))
        if records.contains(where: { $0.verdict == .broken }) { throw ExitCode(1) }
        if records.contains(where: { $0.verdict == .notMade }) { throw ExitCode(2) }
    }

    /// Each line as it comes, into a file too, which `print` would fill in blocks.
    private static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// The quick ones three at a time, since most of an experiment is waiting; the others one after the other.
    private static func records(of experiments: [Experiment], on bench: Bench) async -> [Record] {
        await withTaskGroup(of: Record.self) { group in
            var rest = experiments[...]
            func addNext() {
                guard !Task.isCancelled, let experiment = rest.popFirst() else { return }
                group.addTask { await Record.made(by: experiment, on: bench) }
            }
            for _ in 0..<(bench.isQuick ? 3 : 1) { addNext() }
            var records: [Record] = []
            while let record = await group.next() {
                say(record.line)
                records.append(record)
                addNext()
            }
            let order = experiments.map(\.name)
            return records.sorted {
                order.firstIndex(of: $0.name) ?? 0 < order.firstIndex(of: $1.name) ?? 0
            }
        }
    }

    /// SIGINT and SIGTERM cancel the work, so that processes and folders are cleaned up.
    private static func untilSignal<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals { return nil }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else {
                group.cancelAll()
                _ = try? await group.next()
                throw ExitCode(130)
            }
            return value
        }
    }
}
