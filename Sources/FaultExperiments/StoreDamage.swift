import Foundation
import GRDB
import Trials

/// Something done to the files of a store behind its back, and what the refusal must say.
struct StoreDamage: Sendable {
    let name: String
    /// One of these is in the message.
    let says: [String]
    let apply: @Sendable (Rehearsal) async throws -> Void

    func apply(to rehearsal: Rehearsal) async throws { try await apply(rehearsal) }

    private static let mend = ["backup", "Restore"]

    static let all: [StoreDamage] = [
        StoreDamage(name: "truncated to nothing", says: mend) { try truncate($0, to: 0) },
        StoreDamage(name: "truncated within the header", says: mend) { try truncate($0, to: 60) },
        StoreDamage(name: "truncated to half", says: mend) { try truncate($0, to: nil) },
        StoreDamage(name: "deleted", says: mend) { rehearsal in
            for end in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: database(rehearsal) + end)
            }
        },
        StoreDamage(name: "magic overwritten", says: mend) {
            try overwrite($0, at: 0, with: "no database here")
        },
        StoreDamage(name: "schema overwritten", says: mend) {
            try overwrite($0, at: 100, with: String(repeating: "x", count: 900))
        },
        StoreDamage(name: "a page of rows overwritten", says: mend) { rehearsal in
            try checkpoint(rehearsal)
            let place = try rootPlace(of: "instruction", rehearsal)
            try overwrite(rehearsal, at: place, with: String(repeating: "x", count: pageSize(rehearsal)))
        },
        StoreDamage(name: "bytes of an index flipped", says: mend) { rehearsal in
            try checkpoint(rehearsal)
            let place = try rootPlace(of: "attempt_open", rehearsal)
            try overwrite(rehearsal, at: place, with: String(repeating: "\u{7f}", count: 64))
        },
        StoreDamage(name: "WAL of another store", says: mend) { rehearsal in
            try checkpoint(rehearsal)
            try await makeForeignWAL(rehearsal)
        },
        StoreDamage(name: "newer schema", says: ["newer"]) { rehearsal in
            try execute("PRAGMA user_version = 99", rehearsal)
        },
        StoreDamage(name: "another application's database", says: mend) { rehearsal in
            try execute("PRAGMA application_id = 4711", rehearsal)
        },
    ]

    private static func database(_ rehearsal: Rehearsal) -> String {
        rehearsal.path("state/intentbatch.sqlite")
    }

    /// All of it, the WAL moved into it first, so that nothing mends the damage.
    private static func truncate(_ rehearsal: Rehearsal, to bytes: UInt64?) throws {
        try checkpoint(rehearsal)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: database(rehearsal)))
        let pageSize = try UInt64(pageSize(rehearsal))
        let half = try file.seekToEnd() / 2 / pageSize * pageSize
        try file.truncate(atOffset: bytes ?? half)
        try file.close()
    }

    private static func overwrite(_ rehearsal: Rehearsal, at offset: Int, with text: String) throws {
        try checkpoint(rehearsal)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: database(rehearsal)))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private static func checkpoint(_ rehearsal: Rehearsal) throws {
        try execute("PRAGMA wal_checkpoint(TRUNCATE)", rehearsal)
    }

    private static func execute(_ sql: String, _ rehearsal: Rehearsal) throws {
        let queue = try DatabaseQueue(path: database(rehearsal))
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        // The last one to close moves the WAL into the database and removes it.
        try queue.close()
    }

    /// Where the first page of a table or an index begins in the file.
    private static func rootPlace(of name: String, _ rehearsal: Rehearsal) throws -> Int {
        let page = try number("SELECT rootpage FROM sqlite_schema WHERE name = '\(name)'", rehearsal)
        return try (page - 1) * pageSize(rehearsal)
    }

    private static func pageSize(_ rehearsal: Rehearsal) throws -> Int {
        try number("PRAGMA page_size", rehearsal)
    }

    private static func number(_ sql: String, _ rehearsal: Rehearsal) throws -> Int {
        let queue = try DatabaseQueue(path: database(rehearsal))
        defer { try? queue.close() }
        guard let number = try queue.read({ try Int.fetchOne($0, sql: sql) }) else {
            throw TrialError("the store gives nothing for \(sql)")
        }
        return number
    }

    /// The WAL that another run of the same binary left when it was killed; it acts on no intent of ours.
    private static func makeForeignWAL(_ rehearsal: Rehearsal) async throws {
        let other = rehearsal.path("foreign")
        if !rehearsal.exists("foreign/intentbatch.sqlite-wal") {
            let rows = (1...500).map { "cancel,nobody-\($0)\n" }.joined()
            try rehearsal.write("action,intent_id\n" + rows, to: "foreign.csv")
            let started = try rehearsal.start(
                ["run", "foreign.csv", "--reports", "foreign-reports", "--state", other])
            let deadline = ContinuousClock.now + .seconds(30)
            // With its rows and its first execution in it.
            while try bytes(of: other + "/intentbatch.sqlite-wal") < 200_000, ContinuousClock.now < deadline {
                try await pause(milliseconds: 1)
            }
            try await started.killNow()
        }
        try FileManager.default.copyItem(
            atPath: other + "/intentbatch.sqlite-wal", toPath: database(rehearsal) + "-wal")
    }

    private static func bytes(of path: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        return (try FileManager.default.attributesOfItem(atPath: path))[.size] as? Int ?? 0
    }
}
