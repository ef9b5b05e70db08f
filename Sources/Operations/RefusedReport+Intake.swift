import InstructionFiles
import Intake
import Reports
import Runs

extension RefusedReport {
    /// The report of a file that the check refused.
    func publish(_ refused: RefusedInput) throws -> ReportWriter.Published {
        let request = refused.request
        let file = File(
            name: refused.name, job: request.job, accountName: request.accountName,
            identity: request.identity, input: refused.input,
            reading: request.checkRules.reading, rows: refused.check.rows,
            actor: request.actor, note: request.note, time: request.now)
        return try publish(
            file, problems: { try refused.check.log.problems() },
            instructions: {
                try InstructionReader(
                    path: refused.input.snapshotPath, allowedActions: request.checkRules.allowedActions,
                    options: request.checkRules.reading)
            })
    }
}

extension ProblemSource: ProblemReader {}
