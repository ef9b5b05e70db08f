package import Foundation

/// A process that was started, its output in two files, so that no pipe fills up.
package struct StartedProcess: Sendable {
    package let process: Process
    package let outPath: String
    package let errPath: String

    package var pid: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }

    /// What it has printed on stdout so far.
    package var out: String { (try? String(contentsOfFile: outPath, encoding: .utf8)) ?? "" }

    package func signal(_ signal: Int32) {
        // Not after its end: its number may be somebody else's by then.
        if process.isRunning { kill(pid, signal) }
    }

    /// Waits for its end without blocking a thread, since others of this process serve sockets meanwhile.
    /// - Throws: `TrialError` when it does not end within the limit; it is killed then, as on cancellation.
    @discardableResult
    package func end(within limit: Duration = .seconds(300)) async throws -> EndedProcess {
        let deadline = ContinuousClock.now + limit
        while process.isRunning {
            guard ContinuousClock.now < deadline, !Task.isCancelled else {
                kill(pid, SIGKILL)
                process.waitUntilExit()
                try Task.checkCancellation()
                let words = (process.arguments ?? []).prefix(3).joined(separator: " ")
                throw TrialError("the process did not end within \(limit): \(words)")
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
        process.waitUntilExit()
        return EndedProcess(
            code: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
            out: out, err: (try? String(contentsOfFile: errPath, encoding: .utf8)) ?? "")
    }

    /// Kills it with SIGKILL and waits for its end.
    @discardableResult
    package func killNow() async throws -> EndedProcess {
        signal(SIGKILL)
        return try await end()
    }
}

/// How a process ended.
package struct EndedProcess: Sendable {
    /// The exit code, or the number of the signal that ended it.
    package let code: Int32
    package let wasKilled: Bool
    package let out: String
    package let err: String
}
