import ArgumentParser
import Operations
import Sandbox

/// How a command ends: the code, and the command to type next where it is not 0.
struct Ending {
    let code: Operations.ExitCode
    /// Complete sentences or commands, one a line.
    var next: [String] = []

    /// Prints what comes next and leaves with the code.
    func leave() throws {
        for line in next { StandardError.write("next: \(line)") }
        guard code != .success else { return }
        throw ArgumentParser.ExitCode(code.rawValue)
    }

    /// Says why a command could not be done.
    static func failed(_ error: any Error, again: String) -> Ending {
        let failure = (error as? SandboxError).map(OperationError.sandbox) ?? OperationError.of(error)
        StandardError.write("intentbatch: \(failure.message)")
        return Ending(code: failure.exitCode, next: [failure.next ?? "mend that, then: \(again)"])
    }

    /// Runs a command's body; whatever it throws ends in a message, a next command and the contract's code.
    static func of(again: String, _ body: () async throws -> Ending) async throws {
        let ending: Ending
        do {
            ending = try await body()
        } catch {
            ending = failed(error, again: again)
        }
        try ending.leave()
    }
}

extension OperationError {
    fileprivate static func sandbox(_ error: SandboxError) -> OperationError {
        switch error.code {
        case .locked: OperationError(.busy, error.message)
        case .intents, .faults, .ledger, .listen: OperationError(.configuration, error.message)
        case .rehearsal: OperationError(.disk, error.message)
        }
    }
}
