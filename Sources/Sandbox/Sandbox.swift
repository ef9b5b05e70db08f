import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

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
                intents: try options.intentsPath.map(UseePayRules.loadIntents) ?? UseePayIntents(),
                credentials: credentials)
        case .mangopay(let own):
            rules = MangopayRules(
                intents: try options.intentsPath.map(MangopayRules.loadIntents) ?? [:], options: own)
        }
        let faults = try options.faultsPath.map {
            try FaultScript(
                path: $0, operations: type(of: rules).operations, specials: type(of: rules).specialFaults)
        }
        desk = try GatewayDesk(
            rules: rules, faults: faults ?? .nothing, ledgerPath: options.ledgerPath,
            unixMilliseconds: options.unixMilliseconds)
    }

    /// How long requests that are being served may go on once the sandbox is to stop; then they are cancelled
    /// and their connections closed.
    private static let stoppingTime = Duration.milliseconds(250)

    /// Listens on 127.0.0.1 until it is told to stop, then gives the ledger back. To be called once.
    ///
    /// A cancelled task stops it too, but a client that connects in the same moment may then trap in NIO
    /// (a connection that nobody takes from the listening socket's queue).
    ///
    /// - Parameters:
    ///   - stop: returns when the sandbox is to stop.
    ///   - onReady: called with the bound port once connections are accepted.
    package func run(
        until stop: @escaping @Sendable () async -> Void, onReady: @escaping @Sendable (Int) async -> Void
    ) async throws {
        do {
            try await serve(until: stop, onReady: onReady)
        } catch let error as IOError {
            await desk.close()
            throw SandboxError.cannotListen(port: options.port, reason: "\(error)")
        } catch {
            await desk.close()
            if !(error is CancellationError) { throw error }
        }
        await desk.close()
    }

    private func serve(
        until stop: @escaping @Sendable () async -> Void, onReady: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let responder = SandboxResponder(
            desk: desk, logger: options.logger, unixMilliseconds: options.unixMilliseconds)
        let limits = ConnectionGuard.Limits(
            idle: TimeAmount(options.idleLimit), request: TimeAmount(options.requestLimit))
        let application = Application(
            responder: responder,
            configuration: .init(address: .hostname("127.0.0.1", port: options.port)),
            onServerRunning: { channel in
                // Fails only on a server that is stopping already.
                try? await channel.pipeline.addHandler(GuardInstaller(limits: limits), position: .first).get()
                if let port = channel.localAddress?.port { await onReady(port) }
            },
            logger: options.logger)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: application)], logger: options.logger)
        configuration.maximumGracefulShutdownDuration = Self.stoppingTime
        let service = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await stop()
                await service.triggerGracefulShutdown()
            }
            defer { group.cancelAll() }
            try await service.run()
        }
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
    // One port is ever yielded, and one end.
    let (ports, announced) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
    let (ends, ended) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
    return try await withThrowingTaskGroup(of: Void.self, isolation: isolation) { group in
        group.addTask {
            defer { announced.finish() }
            try await sandbox.run(
                until: { for await _ in ends {} }, onReady: { announced.yield($0) })
        }
        var first = ports.makeAsyncIterator()
        guard let port = await first.next(isolation: isolation) else {
            try await group.waitForAll(isolation: isolation)
            throw CancellationError()
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body("http://127.0.0.1:\(port)"))
        } catch {
            result = .failure(error)
        }
        ended.finish()
        try await group.waitForAll(isolation: isolation)
        return try result.get()
    }
}
