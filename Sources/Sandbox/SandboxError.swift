/// An operating failure of the sandbox. The message says what happened and what to do.
package struct SandboxError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; the caller maps it to its own exit codes.
    package enum Code: String, Sendable {
        /// Another process works on the ledger.
        case locked
        /// The intents file cannot be read or one of its lines is wrong.
        case intents
        /// The fault script cannot be read or says something unknown.
        case faults
        /// The ledger cannot be opened, read or written, or does not belong to these intents.
        case ledger
        /// The address cannot be listened on.
        case listen
        /// Rehearsal files cannot be written.
        case rehearsal
    }

    package let code: Code
    package let message: String

    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// The wording of all failures, apart from the places where they are found.
extension SandboxError {
    static func locked(ledger: String, holder: String?) -> SandboxError {
        let who = holder ?? "another process"
        return .init(
            .locked,
            "The sandbox ledger \(ledger) is in use by \(who). Wait until it ends or use another ledger."
        )
    }

    static func cannotUse(_ code: Code, _ deed: String, _ path: String, reason: String) -> SandboxError {
        .init(code, "Cannot \(deed) \(path): \(reason).")
    }

    static func badIntent(file: String, line: Int, _ what: String) -> SandboxError {
        .init(.intents, "\(file), line \(line): \(what)")
    }

    static func badFaults(file: String, _ what: String) -> SandboxError {
        .init(.faults, "\(file): \(what)")
    }

    static func badLedger(file: String, line: Int, _ what: String) -> SandboxError {
        .init(
            .ledger,
            "\(file), line \(line): \(what) To begin anew with the intents file, move this ledger away."
        )
    }

    static func ledgerOfOtherIntents(_ intentID: String) -> SandboxError {
        .init(.ledger, "it changes the intent \(intentID), which the intents file lacks.")
    }

    static func cannotListen(port: Int, reason: String) -> SandboxError {
        .init(
            .listen,
            "Cannot listen on 127.0.0.1:\(port): \(reason). Choose another port, or 0 for any free one.")
    }

    static func badObject(_ what: String) -> SandboxError {
        .init(.ledger, "its object is not one of this gateway's intents: \(what)")
    }

    static func unknownSpecialFault(_ special: SpecialFault, gateway: String) -> SandboxError {
        .init(.faults, "the fault \(special.rawValue) is not known at \(gateway).")
    }

    static let ledgerBroken = SandboxError(
        .ledger, "The sandbox ledger could not be written earlier; it takes no more requests until a restart."
    )
    static let ledgerClosed = SandboxError(.ledger, "The sandbox has been stopped.")
}
