package import Runs

/// A store under examination, with all three of its seams.
package struct RunStoreSubject: Sendable {
    package let runImport: any RunImport
    package let history: any RunHistory
    package let checkpoint: @Sendable (RunRecord) async throws -> any RunStore
    /// The same content as another process would find it later; a store in memory gives itself.
    package let reopened: @Sendable () async throws -> RunStoreSubject

    package init(
        runImport: any RunImport, history: any RunHistory,
        checkpoint: @escaping @Sendable (RunRecord) async throws -> any RunStore,
        reopened: @escaping @Sendable () async throws -> RunStoreSubject
    ) {
        self.runImport = runImport
        self.history = history
        self.checkpoint = checkpoint
        self.reopened = reopened
    }
}

/// What a check found wrong.
struct Findings {
    private(set) var list: [String] = []

    mutating func expect<Value: Equatable>(_ what: String, _ got: Value, _ wanted: Value) {
        if got != wanted { list.append("\(what): got \(got), wanted \(wanted)") }
    }

    /// The work must throw a `RunStoreError` of that code.
    mutating func expect(
        _ code: RunStoreError.Code, _ what: String, from work: () async throws -> Void
    ) async {
        do {
            try await work()
            list.append("\(what): nothing was thrown, wanted \(code)")
        } catch let error as RunStoreError {
            if error.code != code { list.append("\(what): threw \(error.code), wanted \(code)") }
            if error.message.isEmpty { list.append("\(what): the error has no message") }
        } catch {
            list.append("\(what): threw \(error), wanted \(code)")
        }
    }
}
