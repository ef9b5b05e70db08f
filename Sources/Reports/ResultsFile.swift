import Gzip
import InstructionFiles
import Instructions
import Runs
import Spool

/// `STEM.results.csv.gz`, or `.ndjson.gz`: one row in, one row out, in input order, written as the input is.
///
/// Snapshot and store are read in step; memory is one record, one page of settlements and the writers'
/// buffers.
struct ResultsFile {
    let run: RunRecord
    let history: any RunHistory
    let snapshotPath: String

    /// Rows by outcome as they were written, to be compared with the store's counters.
    typealias Counts = [Outcome: Int]

    /// The name that belongs to the snapshot's format. Throws `ReportError`.
    func name() throws -> String {
        let reader = try snapshot { try RecordReader(path: snapshotPath, options: run.rules.reading) }
        return Self.name(input: run.input.name, format: reader.dialect.format)
    }

    static func name(input: String, format: FileFormat) -> String {
        stem(of: input) + ".results." + (format == .ndjson ? "ndjson" : "csv") + ".gz"
    }

    /// The input's name without `.gz` and then `.csv` or `.ndjson`, whatever their case. At most 180 bytes,
    /// so that the longest suffix and the name of a draft stay below the 255 bytes of a directory entry.
    static func stem(of input: String) -> String {
        var stem = input[...]
        func drop(_ suffix: String) {
            if stem.count > suffix.count, stem.lowercased().hasSuffix(suffix) {
                stem = stem.dropLast(suffix.count)
            }
        }
        drop(".gz")
        let before = stem
        drop(".csv")
        if stem == before { drop(".ndjson") }
        while stem.utf8.count > 180 { stem.removeLast() }
        return String(stem)
    }

    /// Writes all rows to a file that the caller commits. Throws `ReportError`, `SpoolError` and what the
    /// history throws.
    func write(to file: PublishedFile) async throws -> Counts {
        let gzip = GzipWriter()
        var reader = try snapshot { try RecordReader(path: snapshotPath, options: run.rules.reading) }
        let writer = RecordWriter(reader.dialect, added: ResultColumns.names)
        var settlements = SettlementPages(of: run, in: history)
        var counts: Counts = [:]
        var bytes: [UInt8] = []
        writer.begin(&bytes)
        while let record = try snapshot({ try reader.next() }) {
            if record.row == 0 {
                writer.append(header: record, to: &bytes)
            } else if record.isBlank {
                continue
            } else {
                let settlement = try await settlements.next()
                guard let settlement, settlement.row == record.row else {
                    let found = settlement.map { "row \($0.row)" } ?? "nothing"
                    throw ReportError.inconsistent(
                        run.name, "the input's row \(record.row) has no outcome, \(found) comes next")
                }
                counts[settlement.outcome, default: 0] += 1
                let cells = ResultColumns.cells(of: settlement, line: record.line, run: run.name)
                writer.append(record, added: cells.map { $0.isEmpty ? .nothing : .text($0) }, to: &bytes)
            }
            let compressed = gzip.append(bytes)
            if !compressed.isEmpty { try file.append(compressed) }
            bytes.removeAll(keepingCapacity: true)
        }
        if let settlement = try await settlements.next() {
            throw ReportError.inconsistent(run.name, "row \(settlement.row) is not in the input")
        }
        try file.append(gzip.finish())
        return counts
    }

    private func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw ReportError.snapshot(snapshotPath, error)
        }
    }
}
