package import Pacing

/// Where the calls of an account are booked: for one process, or for all that share a state directory.
package protocol CallBookKeeper: Sendable {
    /// Changes the book at one moment; nobody else sees or changes it meanwhile, and what is returned is kept. The
    /// moment is read when the book is held, so that it never lies before one that the book has seen.
    func update<Value: Sendable>(
        _ work: @escaping @Sendable (inout CallBook, Moment) -> Value
    ) async throws -> Value
}

/// A book of this process alone.
package actor MemoryCallBook: CallBookKeeper {
    private var book: CallBook
    private let timekeeper: any Timekeeper

    package init(isPastKnown: Bool = true, timekeeper: any Timekeeper) {
        book = CallBook(isPastKnown: isPastKnown)
        self.timekeeper = timekeeper
    }

    package func update<Value: Sendable>(
        _ work: @escaping @Sendable (inout CallBook, Moment) -> Value
    ) async throws -> Value {
        work(&book, timekeeper.now())
    }
}
