import Runs
import UnixSignals

/// Turns SIGTERM, SIGINT and SIGHUP (a terminal that is closed) into a stop of the run that is executed; a signal
/// between two runs stops the next.
actor SignalWatch {
    private var received: Stop?
    private var current: AsyncStream<Stop>.Continuation?

    /// Watches for as long as the body lasts.
    static func during<Value: Sendable>(
        _ body: (SignalWatch) async throws -> Value
    ) async throws -> Value {
        let watch = SignalWatch()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await signal in signals { await watch.note(signal) }
            }
            defer { group.cancelAll() }
            return try await body(watch)
        }
    }

    /// The stops of one run, from now on. One stream at a time is fed.
    func stops() -> AsyncStream<Stop> {
        // One stop is all a run takes.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Stop.self, bufferingPolicy: .bufferingOldest(1))
        if let received { continuation.yield(received) }
        current = continuation
        return stream
    }

    /// Whether a signal came.
    var isStopped: Bool { received != nil }

    private func note(_ signal: UnixSignal) {
        let stop = Stop(.signal, message: "\(signal) received")
        received = stop
        current?.yield(stop)
    }
}
