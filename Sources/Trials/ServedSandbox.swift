package import Foundation
import FoundationNetworking

/// A sandbox that is a process of its own and listens.
package struct ServedSandbox: Sendable {
    package let started: StartedProcess
    package let url: String
    package let ledger: String

    /// Waits for the line that says that it is ready: `sandbox GATEWAY listening on URL ledger FILE`.
    /// - Throws: `TrialError` when that line does not come within 120 s.
    package init(_ started: StartedProcess, gateway: String) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline, started.isRunning {
            if started.out.hasSuffix("\n") {
                let words = started.out.dropLast().split(separator: " ").map(String.init)
                guard words.count == 7, words.prefix(4) == ["sandbox", gateway, "listening", "on"] else {
                    throw TrialError("the sandbox says \(started.out)")
                }
                self.started = started
                url = words[4]
                ledger = words[6]
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let err = (try? String(contentsOfFile: started.errPath, encoding: .utf8)) ?? ""
        throw TrialError("the sandbox did not become ready: \(err)")
    }

    /// Replaces the fault script in force; its counters begin anew.
    package func setFaults(_ script: String) async throws {
        let answer = try await send("PUT", "/sandbox/faults", script)
        guard answer.status == 200 else {
            throw TrialError(
                "the fault script was not taken: \(String(decoding: answer.bytes, as: UTF8.self))")
        }
    }

    /// Sends a request with credentials that a sandbox takes.
    package func send(
        _ method: String, _ path: String, _ body: String? = nil
    ) async throws -> (status: Int, bytes: Data) {
        guard let address = URL(string: url + path) else { throw TrialError("no address: \(path)") }
        var request = URLRequest(url: address)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        for name in ["x-merchant-no", "x-api-key", "x-app-id"] {
            request.setValue("1", forHTTPHeaderField: name)
        }
        let (bytes, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, bytes)
    }
}
