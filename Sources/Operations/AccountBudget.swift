import Instructions
import Runs
import SQLiteRunStore

/// The call budget of an account, shared by all processes on its state directory.
enum AccountBudget {
    /// Everything that calls the account, from the first call to the last. What was not used then goes back; should
    /// that fail, it counts as used.
    static func during<Value: Sendable>(
        _ place: Workplace, _ store: SQLiteStore, _ timekeeper: any Timekeeper,
        _ body: (WindowCallBudget) async throws -> Value
    ) async throws -> Value {
        let account = place.account
        // A practice account without limits has nothing to share and leaves no file.
        if account.isPractice, account.callLimits.isEmpty {
            return try await body(
                WindowCallBudget(
                    limits: [], book: MemoryCallBook(timekeeper: timekeeper), timekeeper: timekeeper))
        }
        // Before the execution begins: from then on the account has been called.
        let book = try await book(
            of: account.identity.text, isPractice: account.isPractice, place.state, store, timekeeper)
        defer { try? book.close() }
        let budget = WindowCallBudget(limits: account.callLimits, book: book, timekeeper: timekeeper)
        do {
            let value = try await body(budget)
            try? await budget.close()
            return value
        } catch {
            try? await budget.close()
            throw error
        }
    }

    /// The account's book. One that is made now trusts the past only where nothing was ever called; a practice gateway
    /// forgives what a lost book held. Whoever asks closes it.
    static func book(
        of identity: String, isPractice: Bool, _ state: StateLayout, _ store: SQLiteStore,
        _ timekeeper: any Timekeeper
    ) async throws -> SharedCallBook {
        let hasBeenCalled = try await store.hasBeenCalled(identity)
        return try SharedCallBook(
            directory: state.directory, account: identity, isPastKnown: isPractice || !hasBeenCalled,
            timekeeper: timekeeper)
    }
}
