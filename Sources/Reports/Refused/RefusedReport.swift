import Glibc
package import InstructionFiles
package import Instructions
package import Pacing
package import Runs
import Spool

/// Publishes what a person needs to mend a refused file, under a run-like name: its problems, its rows to be
/// handed in again, and the summaries. It is no run and keeps no claim on the content.
package struct RefusedReport: Sendable {
    /// A file that was refused.
    package struct File: Sendable {
        /// What its run would have been called.
        package let name: String
        package let job: String?
        package let accountName: String
        package let identity: AccountIdentity
        package let input: InputRecord
        /// How it was read.
        package let reading: ReadOptions
        /// Rows that are not blank.
        package let rows: Int
        package let actor: String
        package let note: String?
        /// When it was refused.
        package let time: WallTime

        package init(
            name: String, job: String?, accountName: String, identity: AccountIdentity, input: InputRecord,
            reading: ReadOptions, rows: Int, actor: String, note: String?, time: WallTime
        ) {
            self.name = name
            self.job = job
            self.accountName = accountName
            self.identity = identity
            self.input = input
            self.reading = reading
            self.rows = rows
            self.actor = actor
            self.note = note
            self.time = time
        }
    }

    private let reportsDirectory: String
    private let version: String

    /// - Parameter version: the release, noted in the manifest.
    package init(reportsDirectory: String, version: String) {
        self.reportsDirectory = reportsDirectory
        self.version = version
    }

    /// Writes the report while the snapshot still stands, which it does not where it held card numbers.
    ///
    /// - Parameters:
    ///   - problems: gives the file's problems in order, each time anew.
    ///   - instructions: gives the rows that can be read, in order.
    /// - Throws: `ReportError`, and what the two readers throw.
    package func publish(
        _ file: File, problems: () throws -> any ProblemReader,
        instructions: () throws -> InstructionReader
    ) throws -> ReportWriter.Published {
        let form = try RefusedForm(Self.tally(problems()))
        let records =
            try form.showsContent
            ? InputRecords(path: file.input.snapshotPath, options: file.reading) : nil
        do {
            let folder = try makeFolder(for: file.name)
            let name = folder.directory.split(separator: "/").last.map(String.init) ?? file.name
            let dialect = records?.dialect ?? FileDialect()
            let names = ReportNames(input: file.input.name, format: dialect.format)
            let problemsFile = try folder.begin(names.problems)
            var findings = ReportFindings()
            findings.problems = try ProblemsFile.write(
                problems(), showsValues: form.showsContent, like: dialect, to: problemsFile)
            var files = [try folder.commit(problemsFile)]
            if let records, form.hasResubmit {
                var rows = try RefusedRows(run: name, time: file.time, problems: problems())
                let resubmit = try folder.begin(names.resubmit)
                let count = try rows.write(records, to: resubmit)
                files.append(try folder.commit(resubmit))
                findings.resubmit = .init(file: names.resubmit, rows: count)
            }
            let sums = try RefusedSums(
                form.showsContent ? instructions() : nil, rows: file.rows, problems: problems)
            let record = file.record(named: name)
            var summary = Summary(
                run: record, sums: sums.sums, unconfirmed: [],
                warnings: form.warning.map { [$0] } ?? [], isRefused: true)
            summary.findings = findings
            files += try folder.write(summary, beside: files)
            try folder.seal(Manifest(run: record, state: summary.state, version: version, files: files))
            return .init(directory: folder.directory, files: files, summary: summary)
        } catch let error as SpoolError {
            throw ReportError.publishingRefusal(file.input.name, error)
        }
    }

    private static func tally(_ problems: any ProblemReader) throws -> ProblemTally {
        var problems = problems
        var tally = ProblemTally()
        while let problem = try problems.next() { tally.add(problem) }
        return tally
    }

    /// A directory that no other refusal has: the same file may be refused twice within a second.
    private func makeFolder(for name: String) throws -> ReportFolder {
        try Publication.checkWritable(reportsDirectory)
        var number = 1
        while true {
            let candidate = number == 1 ? name : "\(name)-\(number)"
            let directory = reportsDirectory + "/" + candidate
            if mkdir(directory, 0o755) == 0 {
                return try ReportFolder(directory: directory, run: candidate)
            }
            guard errno == EEXIST, number < 1_000 else {
                throw ReportError.leftover(directory, reason: String(cString: strerror(errno)))
            }
            number += 1
        }
    }
}

extension RefusedReport.File {
    /// The record of the run that it did not become; no store has it.
    fileprivate func record(named name: String) -> RunRecord {
        RunRecord(
            id: 0, name: name, state: .importing, accountName: accountName, identity: identity.text,
            gateway: identity.gateway, job: job, input: input, keyBase: "", rules: RunRules(), actor: actor,
            note: note, createdAt: time, startedAt: nil, endedAt: time, stoppedBy: nil, rows: rows,
            executions: 0, calls: CallCounts())
    }
}
