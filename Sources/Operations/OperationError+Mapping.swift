import Gateways
import InstructionFiles
import Intake
import Reports
import Runs
import Settings
import Spool

extension OperationError {
    /// What any room threw, with the contract's exit code.
    package static func of(_ error: any Error) -> OperationError {
        switch error {
        case let error as OperationError: error
        case let error as SpoolError: OperationError(code(error), error.message)
        case let error as RunStoreError: OperationError(code(error), error.message)
        case let error as ReportError: OperationError(code(error), error.message)
        case let error as IntakeError:
            OperationError(error.code == .temporaryFile ? .disk : .configuration, error.message)
        case let error as FileReadError: OperationError(.missing, error.message)
        case let error as GatewaySetupError: OperationError(.configuration, error.message)
        case let error as ConfigurationError: OperationError(.configuration, error.description)
        default: OperationError(.internalError, "internal error: \(error)")
        }
    }

    private static func code(_ error: SpoolError) -> ExitCode {
        switch error.code {
        case .inputMissing, .notRegular, .unreadable, .changing: .missing
        case .disk, .alreadyPublished: .disk
        case .locked: .busy
        case .permission: .configuration
        case .system: .disk
        }
    }

    private static func code(_ error: RunStoreError) -> ExitCode {
        switch error.code {
        case .disk: .disk
        case .busy, .inputTaken: .busy
        case .unusable: .configuration
        case .noSuchRun, .ambiguousName: .missing
        case .internalFault: .internalError
        }
    }

    private static func code(_ error: ReportError) -> ExitCode {
        switch error.code {
        case .disk, .place: .disk
        case .published, .snapshot: .configuration
        case .inconsistent: .internalError
        }
    }
}
