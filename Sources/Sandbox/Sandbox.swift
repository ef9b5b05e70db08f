import Hummingbird
import Logging
import NIOCore

/// A payment gateway on this machine: its API over real HTTP, its own ledger, and a script of what goes
/// wrong.
///
/// It shares no code with the clients that are tried against it, so that it can disagree with them.
package struct Sandbox: Sendable {
    private let options: SandboxOptions
    private let desk: GatewayDesk

    /// Reads intents and fault script, takes the ledger's lock and replays the ledger. Nothing listens yet.
    ///
    /// Throws `SandboxError`: `locked`, `intents`, `faults` or `ledger`.
    package init(options: SandboxOptions) throws {
        self.options = options
        let rules: any GatewayRules
        switch options.gateway {
        case .useepay(let credentials):
            rules = UseePayRules(
                intents: try UseePayRules.loadIntents(path: options.intentsPath, credentials: credentials),
                credentials: credentials)
        case .mangopay(let own):
            rules = MangopayRules(
                intents: try MangopayRules.loadIntents(path: options.intentsPath), options: own)
        }
        let faults = try options.faultsPath.map {
            try FaultScript(path: $0, operations: type(of: rules).operations)
        }
        desk = try GatewayDesk(
            rules: rules, faults: faults ?? .nothing, ledgerPath: options.ledgerPath,
            unixMilliseconds: options.unixMilliseconds)
    }

    /// Listens on 127.0.0.1 until the task is cancelled or shut down gracefully, then gives the ledger back.
    /// To be called once.
    ///
    /// - Parameter onReady: called with the bound port once connections are accepted.
    package func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let responder = SandboxResponder(
            desk: desk, logger: options.logger, unixMilliseconds: options.unixMilliseconds)
        let application = Application(
            responder: responder,
            configuration: .init(address: .hostname("127.0.0.1", port: options.port)),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onReady(port) }
            },
            logger: options.logger)
        do {
            try await application.run()
        } catch let error as IOError {
            await desk.close()
            throw SandboxError.cannotListen(port: options.port, reason: "\(error)")
        } catch {
            await desk.close()
            if !(error is CancellationError) { throw error }
        }
        await desk.close()
    }
}

/// Runs a sandbox for as long as the body lasts.
///
/// - Parameter body: gets the base URL, such as `http://127.0.0.1:41234`.
/// - Returns: what the body returns, once the sandbox has stopped and given its ledger back.
package func withSandbox<Value: Sendable>(
    _ options: SandboxOptions,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (_ baseURL: String) async throws -> Value
) async throws -> Value {
    let sandbox = try Sandbox(options: options)
    // One port is ever yielded.
    let (ports, announced) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
    return try await withThrowingTaskGroup(of: Void.self, isolation: isolation) { group in
        group.addTask {
            defer { announced.finish() }
            try await sandbox.run { announced.yield($0) }
        }
        var first = ports.makeAsyncIterator()
        guard let port = await first.next(isolation: isolation) else {
            try await group.waitForAll(isolation: isolation)
            throw CancellationError()
        }
        let value = try await body("http://127.0.0.1:\(port)")
        group.cancelAll()
        try await group.waitForAll(isolation: isolation)
        return value
    }
}
