import Foundation

extension Rehearsal {
    /// Starts the binary in the rehearsal's folder.
    /// - Parameter wrapper: a command and its arguments to run the binary under, such as strace.
    package func start(
        _ arguments: [String], environment: [String: String] = [:], under wrapper: [String] = []
    ) throws -> StartedProcess {
        let words = wrapper + [binary] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = [
            "HOME": folder, "PATH": "/usr/bin:/bin", "INTENTBATCH_STATE": path("state"),
            Self.keyVariable: "rehearsal",
        ]
        variables.merge(environment) { $1 }
        process.environment = variables
        let name = UUID().uuidString
        let (out, err) = (path("\(name).out"), path("\(name).err"))
        for file in [out, err] { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return StartedProcess(process: process, outPath: out, errPath: err)
    }

    @discardableResult
    package func run(
        _ arguments: String..., environment: [String: String] = [:]
    ) async throws -> EndedProcess {
        try await start(arguments, environment: environment).end()
    }

    /// Calls the body with a sandbox of this gateway as a process of its own, which serves the generated intents
    /// and ends with the body.
    package func serving<Value: Sendable>(
        _ options: [String] = [], _ body: (ServedSandbox) async throws -> Value
    ) async throws -> Value {
        let started = try start(
            [
                "sandbox", "--gateway", gateway, "--intents", "intents-\(gateway).ndjson", "--ledger",
                path("ledger.ndjson"),
            ] + options)
        do {
            let value = try await body(ServedSandbox(started, gateway: gateway))
            started.signal(SIGTERM)
            try await started.end()
            return value
        } catch {
            kill(started.pid, SIGKILL)
            _ = try? await started.end()
            throw error
        }
    }

    /// Returns once the ledger has that many effects; false when the process ends first or 120 s have passed.
    package func waitForEffects(
        _ count: Int, of started: StartedProcess, in ledger: String? = nil
    ) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(120)
        var counter = EffectCounter()
        while ContinuousClock.now < deadline, started.isRunning {
            if try counter.count(in: ledger ?? embeddedLedger) >= count { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Runs the file, slowly, and kills the process in the middle of its work again and again. The run is left
    /// interrupted, with a configuration that lets the rest of it be fast.
    /// - Throws: `TrialError` when the process was not met in the middle of its work.
    package func killInTheMiddle(times: Int) async throws {
        try configure(Self.slow)
        var wanted = 20
        for round in 0..<times {
            let started = try start(round == 0 ? ["run", file, "--reports", "reports"] : ["resume"])
            let isInTheMiddle = try await waitForEffects(wanted, of: started)
            let ended = try await started.killNow()
            guard isInTheMiddle else { throw TrialError("not met in the middle: \(ended.err)") }
            wanted = try GatewayLedger.countEffects(in: embeddedLedger) + 10
        }
        try configure(Self.fast)
    }

    /// The ledger of the embedded sandbox; nil before there is one.
    package var embeddedLedger: String? {
        let folder = path("state/sandbox")
        return (try? FileManager.default.contentsOfDirectory(atPath: folder))?
            .first { $0.hasSuffix(".ndjson") }.map { folder + "/" + $0 }
    }
}
