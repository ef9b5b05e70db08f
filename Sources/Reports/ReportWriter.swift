import Glibc
import InstructionFiles
import Instructions
import JSON
package import Runs
package import Spool

/// Publishes the report of a run that is over in `REPORTS/RUN/`, later revisions in `REPORTS/RUN/rN/`: results, summary, and the manifest last.
///
/// Everything comes from the store and the snapshot, nothing from a clock: written again, the bytes are the
/// same (same release). Only one process at a time may publish a run; its caller holds the run's lock.
package struct ReportWriter: Sendable {
    /// What the store does not know.
    package struct Facts: Hashable, Sendable {
        /// Shown in `summary.json`; the same ones must be given when the report is written again.
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

    private static let summaryName = "summary.json"

    private let history: any RunHistory
    private let reportsDirectory: String

    /// - Parameter reportsDirectory: the directory that has a directory for each run; made when missing.
    package init(history: any RunHistory, reportsDirectory: String) {
        self.history = history
        self.reportsDirectory = reportsDirectory
    }

    /// Where the results file of a run stands in its report.
    package static func resultsPath(_ run: RunRecord, reportDirectory: String) -> String {
        let path = reportDirectory + "/" + ResultsFile.name(input: run.input.name, format: .ndjson)
        guard access(path, F_OK) != 0 else { return path }
        return reportDirectory + "/" + ResultsFile.name(input: run.input.name, format: .csv)
    }

    /// Publishes the report, or finishes a publication that a crash cut short. When it stands already,
    /// verifies that the same bytes would be written and changes nothing.
    ///
    /// - Parameter snapshotPath: the private copy of the input; the run's own unless given.
    /// - Throws: `ReportError`, and `RunStoreError` from the history. Traps on a run that is not over.
    package func publish(
        _ run: RunRecord, facts: Facts, snapshotPath: String? = nil
    ) async throws -> Published {
        precondition(run.state.isOver, "the report of run \(run.name), which is \(run.state.rawValue)")
        let summary = try await Summary.of(run, in: history, warnings: facts.warnings)
        guard summary.ties else {
            throw ReportError.inconsistent(
                run.name, "\(run.rows) rows, but \(summary.settled) with an outcome")
        }
        let results = ResultsFile(
            run: run, history: history, snapshotPath: snapshotPath ?? run.input.snapshotPath)
        let directory = reportsDirectory + "/" + run.reportFolder
        do {
            let publication = try Publication(directory: directory)
            let listed = try listed(in: publication)
            let files = [
                try await commit(try results.name(), publication, listed, run) { file in
                    let counts = try await results.write(to: file)
                    guard counts == summary.counts.filter({ $0.value > 0 }) else {
                        throw ReportError.inconsistent(run.name, "its counters and its rows differ")
                    }
                },
                try await commit(Self.summaryName, publication, listed, run) { file in
                    try file.append(summary.json.bytes(pretty: true) + [UInt8(ascii: "\n")])
                },
            ]
            if listed == nil {
                let manifest = Manifest(run: run, version: facts.version, files: files)
                let file = try publication.create(Manifest.name)
                try file.append(manifest.bytes)
                _ = try file.commit()
            }
            return Published(directory: directory, files: files, summary: summary)
        } catch let error as SpoolError {
            throw ReportError.publishing(run.name, error)
        }
    }

    /// Writes one file and gives it its name; with a manifest, only when it is what the manifest lists.
    private func commit(
        _ name: String, _ publication: Publication, _ listed: [String: String]?, _ run: RunRecord,
        _ write: (PublishedFile) async throws -> Void
    ) async throws -> PublishedFile.Receipt {
        let path = publication.directory + "/" + name
        let stood = publication.fileExists(name)
        let file = try publication.create(name)
        try await write(file)
        // Without a manifest nothing is published yet: another release may have written what stands there.
        if stood, listed == nil, unlink(path) != 0 {
            throw ReportError.leftover(path, reason: String(cString: strerror(errno)))
        }
        let receipt: PublishedFile.Receipt
        do {
            receipt = try file.commit()
        } catch {
            guard error.code == .alreadyPublished else { throw error }
            throw ReportError.differs(run.name, publication.directory, file: name)
        }
        if let listed, listed[name] != receipt.sha256 {
            // A listed file that had been removed came back with other content: it must not stay.
            if !stood { unlink(path) }
            throw ReportError.differs(run.name, publication.directory, file: name)
        }
        return receipt
    }

    /// The files of an earlier publication; nil when there is no manifest.
    private func listed(in publication: Publication) throws -> [String: String]? {
        guard publication.fileExists(Manifest.name) else { return nil }
        let path = publication.directory + "/" + Manifest.name
        guard let bytes = Manifest.read(path) else {
            throw ReportError.manifest(path, String(cString: strerror(errno)))
        }
        guard let listed = Manifest.listed(bytes) else {
            throw ReportError.manifest(path, "not a manifest of format 1")
        }
        return listed
    }
}

extension RunRecord {
    /// Below the reports directory: the run's own folder, and in it one for each later revision.
    var reportFolder: String { revision == 1 ? name : "\(name)/r\(revision)" }

    /// The folder of the revision that this one supersedes.
    var supersededFolder: String? { revision == 1 ? nil : at(revision: revision - 1).reportFolder }
}
