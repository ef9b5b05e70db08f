import Glibc
import InstructionFiles
import Instructions
import JSON
package import Runs
package import Spool

/// Publishes the report of a run that is over in `REPORTS/RUN/`, later revisions in `REPORTS/RUN/rN/`: results,
/// resubmit, problems, both summaries, and the manifest last.
///
/// Everything comes from the store and the snapshot, nothing from a clock: written again, the bytes are the
/// same (same release). Only one process at a time may publish a run; its caller holds the run's lock.
package struct ReportWriter: Sendable {
    /// What the store does not know.
    package struct Facts: Hashable, Sendable {
        /// Shown in the summaries; the same ones must be given when the report is written again.
        package var warnings: [String]
        /// The release, noted in the manifest.
        package var version: String

        package init(warnings: [String] = [], version: String) {
            self.warnings = warnings
            self.version = version
        }
    }

    /// What now stands in the reports directory.
    package struct Published: Sendable {
        /// `REPORTS/RUN`.
        package let directory: String
        /// Without the manifest.
        package let files: [PublishedFile.Receipt]
        package let summary: Summary
    }

    private let history: any RunHistory
    private let reportsDirectory: String

    /// - Parameter reportsDirectory: the directory that has a directory for each run; made when missing.
    package init(history: any RunHistory, reportsDirectory: String) {
        self.history = history
        self.reportsDirectory = reportsDirectory
    }

    /// Where the results file of a run stands in its report.
    package static func resultsPath(_ run: RunRecord, reportDirectory: String) -> String {
        let path = reportDirectory + "/" + ReportNames(input: run.input.name, format: .ndjson).results
        guard access(path, F_OK) != 0 else { return path }
        return reportDirectory + "/" + ReportNames(input: run.input.name, format: .csv).results
    }

    /// Publishes the report, or finishes a publication that a crash cut short. When it stands already,
    /// verifies that the same bytes would be written and changes nothing.
    ///
    /// - Parameters:
    ///   - problems: what the check says of the snapshot, in order.
    ///   - snapshotPath: the private copy of the input; the run's own unless given.
    /// - Throws: `ReportError`, `RunStoreError` from the history, and what `problems` throws. Traps on a run
    ///   that is not over.
    package func publish(
        _ run: RunRecord, facts: Facts, problems: any ProblemReader, snapshotPath: String? = nil
    ) async throws -> Published {
        precondition(run.state.isOver, "the report of run \(run.name), which is \(run.state.rawValue)")
        var summary = try await Summary.of(run, in: history, warnings: facts.warnings)
        guard summary.ties else {
            throw ReportError.inconsistent(
                run.name, "\(run.rows) rows, but \(summary.settled) with an outcome")
        }
        let records = try InputRecords(
            path: snapshotPath ?? run.input.snapshotPath, options: run.rules.reading)
        do {
            let folder = try ReportFolder(directory: reportsDirectory + "/" + run.reportFolder, run: run.name)
            let files = try await write(records, problems, to: folder, into: &summary)
            try folder.seal(
                Manifest(run: run, state: summary.state, version: facts.version, files: files))
            return Published(directory: folder.directory, files: files, summary: summary)
        } catch let error as SpoolError {
            throw ReportError.publishing(run.name, error)
        }
    }

    /// All files but the manifest. What is found out meanwhile is put into the summary.
    private func write(
        _ records: InputRecords, _ problems: any ProblemReader, to folder: ReportFolder,
        into summary: inout Summary
    ) async throws -> [PublishedFile.Receipt] {
        let (run, dialect) = (summary.run, records.dialect)
        let names = ReportNames(input: run.input.name, format: dialect.format)
        let results = try folder.begin(names.results)
        let resubmit = try folder.begin(names.resubmit)
        var rows = RowFiles(run, in: history, records, results: results, resubmit: resubmit)
        let written = try await rows.write()
        guard written.counts == summary.counts.filter({ $0.value > 0 }) else {
            throw ReportError.inconsistent(run.name, "its counters and its rows differ")
        }
        var files = [try folder.commit(results), try folder.commit(resubmit)]
        let problemsFile = try folder.begin(names.problems)
        var findings = ReportFindings()
        findings.problems = try ProblemsFile.write(
            problems, showsValues: true, like: dialect, to: problemsFile)
        files.append(try folder.commit(problemsFile))
        findings.resubmit = .init(file: names.resubmit, rows: written.resubmitRows)
        findings.parents = written.parents
        findings.calls = try await CallTimeline.of(run, in: history)
        summary.findings = findings
        return files + (try folder.write(summary, beside: files))
    }
}

extension ReportFolder {
    /// Both summaries.
    func write(
        _ summary: Summary, beside files: [PublishedFile.Receipt]
    ) throws -> [PublishedFile.Receipt] {
        let json = try write(ReportNames.summaryJSON, summary.json.bytes(pretty: true) + [UInt8(ascii: "\n")])
        let page = SummaryPage(summary, files: files + [json])
        return [json, try write(ReportNames.summaryHTML, Array(page.html.utf8))]
    }
}

extension RunRecord {
    /// Below the reports directory: the run's own folder, and in it one for each later revision.
    var reportFolder: String { revision == 1 ? name : "\(name)/r\(revision)" }

    /// The folder of the revision that this one supersedes.
    var supersededFolder: String? { revision == 1 ? nil : at(revision: revision - 1).reportFolder }
}
