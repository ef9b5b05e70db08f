import Runs

@testable import Intake

/// What became of a file that was to be taken in, from the claim to the import.
enum Taken {
    case existing(RunRecord)
    case waiting(String)
    case refused(CheckResult, InputRecord)
    case imported(RunRecord, CheckResult)
}

extension Intake {
    func claimAndImport(_ request: IntakeRequest) async throws -> Taken {
        switch try await claim(request) {
        case .existing(let run, _): return .existing(run)
        case .waiting(let totals): return .waiting(totals)
        case .refused(let refused):
            try await discard(refused)
            return .refused(refused.check, refused.input)
        case .checked(let checked):
            switch try await importRows(of: checked) {
            case .existing(let run): return .existing(run)
            case .imported(let run, let check): return .imported(run, check)
            }
        }
    }
}
