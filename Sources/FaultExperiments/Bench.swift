import Foundation
import Trials

/// What the experiments work with.
struct Bench: Sendable {
    let binary: String
    let seed: UInt64
    /// Trials at a time.
    let width: Int
    let isQuick: Bool

    /// Draws that follow from the seed and the words alone.
    func chance(_ words: String) -> Chance { Chance(seed: seed, words) }

    func rehearsal(
        _ gateway: String, rows: Int, seed: UInt64? = nil, account: [String] = Rehearsal.fast
    ) throws -> Rehearsal {
        try Rehearsal(gateway, rows: rows, seed: seed ?? self.seed, binary: binary, account: account)
    }

    /// Judges the only report of a rehearsal by the ledger.
    func judge(
        _ rehearsal: Rehearsal, _ ledger: String, tolerating tolerated: Set<String> = [],
        reports: String = "reports"
    ) throws -> Tally {
        Judge(tolerated: tolerated).tally(
            results: try rehearsal.results(in: reports), expected: try rehearsal.expected(),
            ledger: try GatewayLedger(path: ledger))
    }

    /// The end of a run that may stop itself on the way: on a machine so loaded that a gateway beside it does not
    /// answer for half a minute, that is an outage like any other. It is resumed then.
    func end(_ rehearsal: Rehearsal, of started: StartedProcess, _ resume: [String] = ["resume"]) async throws
        -> EndedProcess
    {
        var ended = try await started.end()
        for _ in 0..<5 where ended.code == 4 { ended = try await rehearsal.start(resume).end() }
        return ended
    }

    /// Runs the trials, `width` of them at a time, and adds up what they found.
    func each<Item: Sendable>(
        _ items: [Item], width: Int? = nil, _ trial: @escaping @Sendable (Item) async throws -> Tally
    ) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            var sum = Tally()
            var rest = items[...]
            for _ in 0..<(width ?? self.width) {
                guard let item = rest.popFirst() else { break }
                group.addTask { try await trial(item) }
            }
            while let tally = try await group.next() {
                sum.add(tally)
                if let item = rest.popFirst() { group.addTask { try await trial(item) } }
            }
            return sum
        }
    }
}

/// Draws that can be repeated (SplitMix64 over an FNV-1a hash of the words).
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64, _ words: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in words.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        state = seed ^ hash
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}

/// Waits; ends early by throwing when the experiment is cancelled.
func pause(milliseconds: Int) async throws {
    try await Task.sleep(for: .milliseconds(milliseconds))
}
