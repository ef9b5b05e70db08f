import Foundation
import Instructions
import Pacing
import Runs
import Spool
import Testing

@testable import Intake

@Suite struct IntakeTests {
    private let directory: TemporaryDirectory
    private let store = MemoryStore()

    init() throws { directory = try TemporaryDirectory() }

    private var intake: Intake { Intake(store: store, inputsDirectory: directory.path + "/inputs") }
    private var snapshots: [String] { directory.names(in: "inputs").filter { $0.hasSuffix(".input") } }

    private func request(
        _ path: String, account: String = "m-1", job: String? = "Nightly  Cancellations!",
        allowed: Set<Action> = [.cancel, .capture]
    ) -> IntakeRequest {
        IntakeRequest(
            path: path, job: job, accountName: "eu",
            identity: AccountIdentity(gateway: "useepay", origin: "https://h", parties: [account]),
            checkRules: CheckRules(allowedActions: allowed), rules: RunRules(), actor: "a@b", note: nil,
            now: WallTime(seconds: 1_795_139_999))
    }

    private func file(rows: Int, as name: String = "Für Finance.CSV") throws -> String {
        let rows = (1...rows).map { "cancel,int_\($0)\n" }.joined()
        return try directory.write("action,intent_id\n" + rows, as: name)
    }

    @Test("A good file becomes a ready run with every row once, in file order, named and keyed")
    func imported() async throws {
        let count = Intake.batchRows * 5 / 2
        let path = try file(rows: count)
        guard case .imported(let run, let check) = try await intake.claimAndImport(request(path)) else {
            Issue.record("not imported")
            return
        }
        #expect(run.state == .ready && run.rows == count && check.rows == count)
        let rows = await store.rows[run.id] ?? []
        #expect(rows.map(\.row) == Array(1...count))
        let name = try #require(run.name.wholeMatch(of: /20261120T015959Z-nightly-cancellations-[0-9a-f]{6}/))
        #expect(name.output == run.name)
        #expect(run.keyBase.wholeMatch(of: /[A-Za-z2-7]{16}/) != nil)
        #expect(run.input.name == "Für Finance.CSV" && run.input.path == path)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: run.input.snapshotPath)).count == run.input.byteCount)
        #expect(snapshots == [run.input.sha256 + ".input"])
    }

    @Test("Names of runs keep to a-z, 0-9 and single hyphens, 40 at most")
    func stems() {
        for (name, stem) in [
            ("Für Finance.CSV", "f-r-finance"), ("cancellations-2026.csv", "cancellations-2026"),
            ("---", "file"), (".csv", "file"), ("a__b..c", "a-b-c"), ("x.csv.csv", "x-csv"),
            (String(repeating: "ab-", count: 20), "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a"),
        ] {
            #expect(RunName.stem(name) == stem)
        }
    }

    @Test("The same content again gives the run it has, whatever the file is called")
    func existing() async throws {
        let first = try await intake.claimAndImport(request(file(rows: 3)))
        let again = try await intake.claimAndImport(request(file(rows: 3, as: "other.csv"), job: nil))
        guard case .imported(let run, _) = first, case .existing(let found) = again else {
            Issue.record("\(again)")
            return
        }
        #expect(found.name == run.name && found.state == .ready)
    }

    @Test("Another account gets a run and keys of its own for the same content")
    func otherAccount() async throws {
        let path = try file(rows: 3)
        guard case .imported(let one, _) = try await intake.claimAndImport(request(path)),
            case .imported(let other, _) = try await intake.claimAndImport(request(path, account: "m-2"))
        else {
            Issue.record("not imported")
            return
        }
        #expect(one.keyBase != other.keyBase && one.name != other.name)
        #expect(one.input.snapshotPath == other.input.snapshotPath)
    }

    @Test("A refused file leaves no run and no snapshot, and may be handed in again once mended")
    func refused() async throws {
        let path = try directory.write("action,intent_id\ncancel,a\nvoid,b\n")
        guard case .refused(let check, let input) = try await intake.claimAndImport(request(path)) else {
            Issue.record("not refused")
            return
        }
        #expect(check.problems.map(\.code) == ["action_unknown"] && input.name == "input.csv")
        #expect(directory.names(in: "inputs").isEmpty)
        #expect(try await store.runs().isEmpty)
        _ = try directory.write("action,intent_id\ncancel,a\ncancel,b\n")
        guard case .imported = try await intake.claimAndImport(request(path)) else {
            Issue.record("the mended file was not taken")
            return
        }
    }

    @Test("A refusal keeps the snapshot that another account's run reads")
    func sharedSnapshot() async throws {
        let path = try directory.write("action,intent_id,amount\ncapture,a,all\n")
        guard case .imported(let run, _) = try await intake.claimAndImport(request(path)),
            case .refused = try await intake.claimAndImport(request(path, account: "m-2", allowed: [.cancel]))
        else {
            Issue.record("unexpected outcome")
            return
        }
        #expect(FileManager.default.fileExists(atPath: run.input.snapshotPath))
    }

    @Test("A checked input that is let go leaves nothing behind")
    func discarded() async throws {
        guard case .checked(let checked) = try await intake.claim(request(file(rows: 2))) else {
            Issue.record("not checked")
            return
        }
        #expect(snapshots.count == 1)
        try await intake.discard(checked)
        #expect(snapshots.isEmpty)
        #expect(try await store.runs().isEmpty)
    }

    @Test("An import that was interrupted is done again from the start, and the run is the same")
    func interrupted() async throws {
        let rows = Intake.batchRows * 5 / 2
        let path = try file(rows: rows)
        await store.fail(afterAppends: 1)
        await #expect(throws: MemoryStore.Failure.self) { try await intake.claimAndImport(request(path)) }
        let left = try #require(try await store.runs().first)
        #expect(left.state == .importing)
        await store.fail(afterAppends: .max)
        guard case .existing(let run) = try await intake.claimAndImport(request(path)) else {
            Issue.record("not existing")
            return
        }
        #expect(run.name == left.name && run.state == .ready && run.rows == rows)
        #expect(await store.rows[run.id]?.map(\.row) == Array(1...rows))
    }

    @Test("An interrupted import whose rows are no longer allowed stops instead of losing them")
    func noLongerGood() async throws {
        let path = try directory.write("action,intent_id,amount\ncancel,a,\ncapture,b,all\n")
        await store.fail(afterAppends: 0)
        await #expect(throws: MemoryStore.Failure.self) { try await intake.claimAndImport(request(path)) }
        await store.fail(afterAppends: .max)
        await #expect { try await intake.claimAndImport(request(path, allowed: [.cancel])) } throws: {
            ($0 as? IntakeError)?.code == .rowsNoLongerGood
        }
        #expect(try await store.runs().first?.state == .importing)
    }

    @Test("Of processes that take one input at once, one imports it and none takes a row twice")
    func race() async throws {
        let path = try file(rows: 3_000)
        let intake = intake
        let request = request(path)
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do {
                        switch try await intake.claimAndImport(request) {
                        case .imported: return "imported"
                        case .existing: return "existing"
                        case .refused: return "refused"
                        case .waiting: return "waiting"
                        }
                    } catch let error as SpoolError where error.code == .locked {
                        return "locked"
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "imported" } == 1, "\(outcomes)")
        #expect(Set(outcomes).isSubset(of: ["imported", "existing", "locked"]), "\(outcomes)")
        let run = try #require(try await store.runs().first)
        #expect(try await store.runs().count == 1 && run.state == .ready)
        #expect(await store.rows[run.id]?.count == 3_000)
    }

    @Test("A file that is not there is told by its claim")
    func missing() async throws {
        await #expect { try await intake.claimAndImport(request(directory.path + "/none.csv")) } throws: {
            ($0 as? SpoolError)?.code == .inputMissing
        }
    }

    @Test(
        "With on-invalid: skip bad rows are imported as rejected, with what is wrong, and the others as they are"
    )
    func skipped() async throws {
        let path = try directory.write(
            """
            action,intent_id,amount,currency
            cancel,a,,
            void,b,,
            cancel,a,,
            capture,,1,EUR
            ,,,
            cancel,c,,

            """)
        var request = request(path)
        request.checkRules.onInvalid = .skip
        guard case .imported(let run, let check) = try await intake.claimAndImport(request) else {
            Issue.record("not imported")
            return
        }
        #expect(run.rows == 5 && check.badRows == 3 && !check.isRefused)
        #expect(await store.rows[run.id]?.map(\.row) == [1, 6])
        let rejected = await store.rejected[run.id] ?? []
        #expect(rejected.map(\.row.row) == [2, 3, 4])
        #expect(rejected.map(\.code) == ["action_unknown", "duplicate", "intent_id_missing"])
        #expect(rejected.map(\.row.action) == [nil, .cancel, .capture])
        #expect(rejected.map(\.row.intentID) == ["b", "a", nil])
        #expect(rejected[1].message.contains("column intent_id: The row asks for the same as row 1."))
    }

    @Test("An interrupted import with bad rows is checked again and finished alike")
    func skippedAgain() async throws {
        let count = Intake.batchRows * 3
        let rows = (0..<count).map { $0 % Intake.batchRows == 7 ? "void,i\($0)\n" : "cancel,i\($0)\n" }
            .joined()
        let path = try directory.write("action,intent_id\n" + rows)
        var request = request(path)
        request.checkRules.onInvalid = .skip
        await store.fail(afterAppends: 1)
        await #expect(throws: MemoryStore.Failure.self) { try await intake.claimAndImport(request) }
        await store.fail(afterAppends: .max)
        guard case .existing(let run) = try await intake.claimAndImport(request) else {
            Issue.record("not finished")
            return
        }
        #expect(run.rows == count && run.state == .ready)
        #expect(
            await store.rejected[run.id]?.map(\.row.row) == [0, 1, 2].map { $0 * Intake.batchRows + 8 })
    }

    @Test("A refused file's snapshot stays for its report, but at once goes when it holds a card number")
    func refusedSnapshot() async throws {
        let text = "action,intent_id,reason\ncancel,a,4111 1111 1111 1111\n"
        guard case .refused(let refused) = try await intake.claim(request(directory.write(text))) else {
            Issue.record("not refused")
            return
        }
        #expect(refused.check.holdsCardNumbers && snapshots.isEmpty)
        try await intake.discard(refused)
        let other = try directory.write("action,intent_id\nvoid,a\n")
        guard case .refused(let kept) = try await intake.claim(request(other)) else {
            Issue.record("not refused")
            return
        }
        #expect(!kept.check.holdsCardNumbers && snapshots.count == 1)
        try await intake.discard(kept)
        #expect(snapshots.isEmpty)
    }

    @Test("A file whose control totals are required waits for them and leaves nothing behind")
    func waiting() async throws {
        let path = try file(rows: 2, as: "in.csv")
        var request = request(path)
        request.checkRules.needsTotals = true
        guard case .waiting(let totals) = try await intake.claimAndImport(request) else {
            Issue.record("did not wait")
            return
        }
        #expect(totals == path + ".totals.json" && snapshots.isEmpty)
        _ = try directory.write(#"{"rows":2}"#, as: "in.csv.totals.json")
        guard case .imported = try await intake.claimAndImport(request) else {
            Issue.record("not imported")
            return
        }
    }
}
