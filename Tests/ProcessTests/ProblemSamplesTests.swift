import Foundation
import JSON
import Testing
import Trials

/// Every problem there is, met by the real binary: told, exit 3, nothing sent.
@Suite("Samples of problems run by the real binary", .serialized)
struct ProblemSamplesTests {
    private static let samples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples/problems").path

    /// Samples with warnings only: these are not refused.
    private static let warnings: Set<String> = ["blank_row", "totals_missing"]

    @Test("each sample is refused with its code and nothing is sent")
    func refused() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(#"{"id": "1012411211459019101"}"# + "\n", to: "intents-useepay.ndjson")
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.samples).sorted()
        for name in names {
            try FileManager.default.copyItem(atPath: Self.samples + "/" + name, toPath: rehearsal.path(name))
        }
        func stem(_ name: String) -> String { String(name.prefix { $0 != "." }) }
        let jobs = names.filter { $0.hasSuffix(".yaml") && !Self.warnings.contains(stem($0)) }
        let files = names.filter { name in
            !name.hasSuffix(".yaml") && !name.hasSuffix(".totals.json") && !Self.warnings.contains(stem(name))
                && !jobs.contains(stem(name) + ".yaml")
        }
        let together = try await rehearsal.start(["run"] + files + ["--output", "json"]).end()
        #expect(together.code == 3, "\(together.err)")
        let refusals = try JSONValue(parsing: together.out)["refused"]?.array ?? []
        #expect(refusals.count == files.count)
        for (file, refusal) in zip(files, refusals) {
            let codes = refusal["problems"]?.array?.compactMap { $0["code"]?.string } ?? []
            #expect(codes.contains(stem(file)), "\(file): \(codes)")
        }
        for job in jobs {
            let ended = try await rehearsal.start(["run", job]).end()
            #expect(
                ended.code == 3 && (ended.out + ended.err).contains(stem(job)),
                "\(job): \(ended.out)\(ended.err)")
        }
        let waiting = try await rehearsal.start(["run", "totals_missing.yaml"]).end()
        #expect(waiting.code == 0 && waiting.out.contains("waits for its control totals"), "\(waiting.out)")
        #expect(try rehearsal.effects().isEmpty)
    }

    @Test("a card number is in no output and no file of the state directory")
    func cardNumber() async throws {
        let rehearsal = try Rehearsal()
        try rehearsal.write(#"{"id": "1012411211459019101"}"# + "\n", to: "intents-useepay.ndjson")
        let sample = Self.samples + "/card_number.csv"
        var said = ""
        for command in ["check", "run"] {
            let ended = try await rehearsal.start([command, sample]).end()
            #expect(ended.code == 3)
            said += ended.out + ended.err
        }
        #expect(said.contains("card_number") && !said.contains("4111"))
        let state = rehearsal.path("state")
        let files = FileManager.default.enumerator(atPath: state)?.compactMap { $0 as? String } ?? []
        for file in files {
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: state + "/" + file))) ?? Data()
            #expect(bytes.range(of: Data("4111 1111 1111 1111".utf8)) == nil, "\(file)")
        }
    }

    @Test(
        "on-invalid: skip runs the good rows; each bad one is in the report, in its place, with what is wrong"
    )
    func skipped() async throws {
        let rehearsal = try Rehearsal()
        let ids = (1...3).map { "101241121145901910\($0)" }
        try rehearsal.write(ids.map { #"{"id": "\#($0)"}"# + "\n" }.joined(), to: "intents-useepay.ndjson")
        try rehearsal.write(
            "action,intent_id\ncancel,\(ids[0])\nrefund,\(ids[1])\n,\ncancel,\ncancel,\(ids[0])\ncancel,\(ids[2])\n",
            to: "input.csv")
        try rehearsal.write("job: skip\ninput: input.csv\non-invalid: skip\n", to: "job.yaml")
        let ended = try await rehearsal.start(["run", "job.yaml", "--reports", "reports"]).end()
        #expect(ended.code == 1, "\(ended.out)\(ended.err)")
        #expect(try rehearsal.effects().sorted() == ["cancel \(ids[0])", "cancel \(ids[2])"])
        let rows = try rehearsal.results()
        #expect(rows.map(\.outcome) == ["applied", "rejected", "rejected", "rejected", "applied"])
        #expect(rows.map(\.code) == ["", "action_unknown", "intent_id_missing", "duplicate", ""])
    }
}
