import Foundation
import Testing
import Trials

extension Rehearsal {
    /// With the binary beside the test bundle.
    convenience init(
        _ gateway: String = "useepay", rows: Int = 0, seed: UInt64 = 1, account: [String] = Rehearsal.fast,
        faults: String? = nil
    ) throws {
        try self.init(
            gateway, rows: rows, seed: seed, binary: Self.builtBinary, account: account, faults: faults)
    }

    private static var builtBinary: String {
        var url = URL(fileURLWithPath: CommandLine.arguments[0])
        // swift test runs a bundle or a runner below the folder that holds the products.
        for _ in 0..<6 {
            let candidate = url.appendingPathComponent("intentbatch").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            url.deleteLastPathComponent()
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build/debug/intentbatch").path
    }

    /// `cancel 1012…` once for each time the gateway changed something, by its own record.
    /// - Parameter ledger: another one than the embedded sandbox's.
    func effects(_ ledger: String? = nil) throws -> [String] {
        try GatewayLedger(path: ledger ?? embeddedLedger).effects.map(\.text)
    }

    func reportFolder() throws -> String { try #require(try reportFolders().first) }

    /// Outcomes equal the expectation row by row, and the ledger's effects equal the applied rows one for one.
    /// - Parameter ledger: another one than the embedded sandbox's.
    func judge(ledger: String? = nil) throws {
        let tally = Judge().tally(
            results: try results(), expected: try expected(),
            ledger: try GatewayLedger(path: ledger ?? embeddedLedger))
        #expect(
            tally.lost + tally.duplicated + tally.unexpected + tally.unconfirmed == 0, "\(tally.findings)")
    }
}
