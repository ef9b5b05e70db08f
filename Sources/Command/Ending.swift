import ArgumentParser
import JSON
import Operations
import Sandbox

/// How a command ends: the code, and the command to type next where it is not 0.
struct Ending {
    let code: Operations.ExitCode
    /// Complete sentences or commands, one a line.
    var next: [String] = []
    /// Why the command could not be done; printed already.
    var failure: String?

    /// Prints what comes next and leaves with the code.
    func leave() throws {
        for line in next { StandardError.write("next: \(line)") }
        guard code != .success else { return }
        throw ArgumentParser.ExitCode(code.rawValue)
    }

    /// Says why a command could not be done.
    ///
    /// - Parameter place: where the next command has to look, too.
    static func failed(_ error: any Error, again: String, place: PlaceOptions? = nil) -> Ending {
        let failure = operationError(error)
        StandardError.write("intentbatch: \(failure.message)")
        var next = failure.next ?? "mend that, then: \(again)"
        if let place, next.hasPrefix("intentbatch ") { next += place.asTyped }
        return Ending(code: failure.exitCode, next: [next], failure: failure.message)
    }

    /// What any room threw, the sandbox's too.
    static func operationError(_ error: any Error) -> OperationError {
        (error as? SandboxError).map(OperationError.sandbox) ?? OperationError.of(error)
    }

    /// What stdout gets of a command that could not be done.
    static func failureJSON(_ message: String?, _ code: Int32, _ listing: String? = nil) -> JSONValue {
        var object = JSONObject()
        if let listing { object[listing] = .array([]) }
        object["exit_code"] = .number("\(code)")
        object["errors"] = .array([.string(message ?? "")])
        return .object(object)
    }

    /// Runs a command's body; whatever it throws ends in a message, a next command and the contract's code.
    ///
    /// - Parameter listing: the member of the one JSON object that is empty then, where the command has one.
    static func of(
        again: String, output: OutputOptions, listing: String? = nil, place: PlaceOptions? = nil,
        _ body: () async throws -> Ending
    ) async throws {
        let ending: Ending
        do {
            ending = try await body()
        } catch {
            ending = failed(error, again: again, place: place)
            if output.output == .json {
                StandardOutput.write(failureJSON(ending.failure, ending.code.rawValue, listing).text)
            }
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
