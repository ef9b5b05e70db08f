import Runs
import SQLiteRunStore
import TestSupport
import Testing

@Suite("Both stores keep the rules of the seams")
struct ConformanceTests {
    @Test("SQLite keeps the rule", arguments: RunStoreConformance.rules)
    func sqlite(rule: RunStoreConformance.Rule) async throws {
        let temporary = try TemporaryStore()
        #expect(await rule.findings(in: try subject(temporary)) == [])
    }

    @Test("SQLite keeps the rule while another connection is open")
    func severalConnections() async throws {
        for rule in RunStoreConformance.rules {
            let temporary = try TemporaryStore()
            let bystander = try temporary.open()
            #expect(await rule.findings(in: try subject(temporary)) == [], "\(rule)")
            try bystander.close()
        }
    }

    @Test("the store in memory keeps the rule", arguments: RunStoreConformance.rules)
    func memory(rule: RunStoreConformance.Rule) async {
        let store = MemoryRunStore(isExecuting: RunStoreConformance.isExecuting)
        #expect(await rule.findings(in: subject(store)) == [])
    }

    /// Reopening closes the first connection.
    private func subject(_ temporary: TemporaryStore) throws -> RunStoreSubject {
        let store = try temporary.open()
        return RunStoreSubject(
            runImport: store, history: store, checkpoint: { try await store.checkpoint(of: $0) },
            reopened: {
                try store.close()
                return try subject(temporary)
            })
    }

    private func subject(_ store: MemoryRunStore) -> RunStoreSubject {
        RunStoreSubject(
            runImport: store, history: store, checkpoint: { store.checkpoint(of: $0) },
            reopened: { subject(store) })
    }
}
