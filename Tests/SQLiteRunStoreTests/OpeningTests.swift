import Foundation
import GRDB
import Runs
import TestSupport
import Testing

@testable import SQLiteRunStore

@Suite("Opening a state directory")
struct OpeningTests {
    @Test("commits are synced: WAL, synchronous FULL, foreign keys, as the connection says itself")
    func durability() async throws {
        let temporary = try TemporaryStore()
        for _ in 1...2 {
            let store = try temporary.open()
            let settings = try await store.read { database in
                try ["journal_mode", "synchronous", "foreign_keys", "application_id", "user_version"].map {
                    try String.fetchOne(database, sql: "PRAGMA \($0)")
                }
            }
            #expect(settings == ["wal", "2", "1", "1229078868", "3"])
            try store.close()
        }
    }

    @Test("a new store has large pages, and one that has small ones keeps them")
    func pages() async throws {
        for (before, wanted) in [(Int?.none, 8_192), (4_096, 4_096)] {
            let temporary = try TemporaryStore()
            if let before {
                try FileManager.default.createDirectory(
                    atPath: temporary.directory, withIntermediateDirectories: true)
                let other = try DatabaseQueue(path: temporary.directory + "/intentbatch.sqlite")
                try other.inDatabase { database in
                    try database.execute(sql: "PRAGMA page_size = \(before); PRAGMA journal_mode = WAL")
                }
                try other.close()
            }
            for _ in 1...2 {
                let store = try temporary.open()
                let size = try await store.read { try Int.fetchOne($0, sql: "PRAGMA page_size") }
                #expect(size == wanted)
                try store.close()
            }
        }
    }

    @Test("the folder is 0700 and every file 0600, also when it was not before")
    func modes() async throws {
        let temporary = try TemporaryStore()
        let nested = temporary.directory + "/a/b"
        let store = try SQLiteStore(directory: nested) { _ in false }
        _ = try await store.create(RunStoreSamples.newRun("run"))
        for folder in [temporary.directory, temporary.directory + "/a", nested] {
            #expect(try mode(folder) == 0o700, "\(folder)")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: nested).sorted()
        #expect(files == ["intentbatch.sqlite", "intentbatch.sqlite-shm", "intentbatch.sqlite-wal"])
        for file in files { #expect(try mode("\(nested)/\(file)") == 0o600, "\(file)") }
        try store.close()

        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: nested + "/intentbatch.sqlite")
        let again = try SQLiteStore(directory: nested) { _ in false }
        _ = try await again.create(RunStoreSamples.newRun("other"))
        for file in try FileManager.default.contentsOfDirectory(atPath: nested) {
            #expect(try mode("\(nested)/\(file)") == 0o600, "\(file)")
        }
        try again.close()
    }

    @Test("all tables are STRICT and the open attempts' index is unique and partial")
    func schema() async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        let loose = try await store.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict
                    """)
        }
        #expect(loose == [])
        let index = try await store.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT \"unique\", partial FROM pragma_index_list('attempt') WHERE partial AND name = 'attempt_open'"
            )
            .map { [$0[0] as Int, $0[1] as Int] }
        }
        #expect(index == [[1, 1]])
        try store.close()
    }

    @Test(
        "a store that does not know a run of its directory is refused, and another's WAL is not moved into it",
        arguments: ["removed", "emptied", "foreign WAL"])
    func unknownRun(damage: String) async throws {
        let temporary = try TemporaryStore()
        let store = try temporary.open()
        _ = try await store.create(RunStoreSamples.newRun("run"))
        try store.close()
        try temporary.open(worked: ["run"]).close()
        let file = URL(fileURLWithPath: temporary.database)
        let other = try TemporaryStore()
        let foreign = try other.open()
        switch damage {
        case "removed": try FileManager.default.removeItem(at: file)
        case "emptied": try Data().write(to: file)
        default:
            _ = try await foreign.create(RunStoreSamples.newRun("another"))
            try FileManager.default.copyItem(
                atPath: other.database + "-wal", toPath: temporary.database + "-wal")
        }
        let before = try? Data(contentsOf: file)
        for _ in 1...2 {
            let refusal = try #require(throws: RunStoreError.self) { try temporary.open(worked: ["run"]) }
            #expect(refusal.code == .unusable)
            #expect(refusal.message.contains("the run run"), "\(refusal.message)")
            #expect(refusal.message.contains("Restore the whole state directory"), "\(refusal.message)")
        }
        if damage == "foreign WAL" {
            #expect(try Data(contentsOf: file) == before)
            for end in ["-wal", "-shm"] {
                try FileManager.default.removeItem(atPath: temporary.database + end)
            }
            try temporary.open(worked: ["run"]).close()
        }
        try foreign.close()
    }

    @Test("of many that open a new folder at once each finds the store empty or whole")
    func race() async throws {
        for _ in 1...20 {
            let temporary = try TemporaryStore()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...16 {
                    group.addTask {
                        let store = try temporary.open()
                        #expect(try await store.runs() == [])
                        try store.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("what is not a store of this version and machine is refused and left as it was")
    func refusals() throws {
        let damages: [(String, String, (String) throws -> Void)] = [
            ("newer intentbatch", "newer schema", { try sql($0, "PRAGMA user_version = 999") }),
            ("damaged", "header", { try overwrite($0, at: 0, with: "not a database!!") }),
            (
                "damaged", "text",
                { try Data("hello, this is text\n".utf8).write(to: URL(fileURLWithPath: $0)) }
            ),
            ("damaged", "truncated", { try FileManager.default.truncate($0, to: 5_000) }),
            ("damaged", "another program's", { try sql($0, "PRAGMA application_id = 17") }),
            ("damaged", "another program's, unnamed", { try sql($0, "PRAGMA application_id = 0") }),
            ("another machine", "copied", { try sql($0, "UPDATE fact SET value = 'elsewhere'") }),
        ]
        for (words, what, damage) in damages {
            let temporary = try TemporaryStore()
            try temporary.open().close()
            try damage(temporary.database)
            let before = try Data(contentsOf: URL(fileURLWithPath: temporary.database))
            let refusal = temporary.refusal()
            #expect(refusal?.code == .unusable, "\(what)")
            #expect(refusal?.message.contains(words) == true, "\(what): \(refusal?.message ?? "")")
            #expect(refusal?.message.contains(temporary.database) == true, "\(what)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: temporary.database)) == before, "\(what)")
        }
    }

    @Test("a store without a known machine takes the first one it sees")
    func machine() throws {
        let temporary = try TemporaryStore()
        try temporary.open(machineID: nil).close()
        #expect(temporary.refusal(machineID: "one") == nil)
        #expect(temporary.refusal(machineID: "two")?.code == .unusable)
        #expect(temporary.refusal(machineID: nil) == nil)
        #expect(temporary.refusal(machineID: "one") == nil)
    }

    @Test("a folder that cannot be made is refused")
    func noFolder() throws {
        let temporary = try TemporaryStore()
        try Data().write(to: URL(fileURLWithPath: temporary.directory))
        #expect(temporary.refusal()?.code == .unusable)
        #expect(temporary.refusal()?.message.contains(temporary.directory) == true)
    }

    @Test("the mount table tells network file systems from local ones")
    func mounts() {
        let table = """
            25 30 0:23 / /proc rw,nosuid - proc proc rw
            30 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            41 30 0:40 / /mnt/nas rw shared:20 master:3 - nfs4 nas:/export rw
            42 30 0:41 / /mnt/ssh rw - fuse.sshfs me@host:/ rw
            43 30 0:42 / /mnt/overlay rw - fuse.fuse-overlayfs overlay rw
            broken
            """
        let kinds = ["8:1": nil, "0:40": "nfs4", "0:41": "fuse.sshfs", "0:42": nil, "9:9": nil]
        for (device, kind) in kinds {
            #expect(MountTable.networkFileSystem(in: table, device: device) == kind, "\(device)")
        }
        #expect(MountTable.networkFileSystem(of: "/proc") == nil)
    }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
}

private func sql(_ path: String, _ statement: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { try $0.execute(sql: statement) }
    try queue.close()
}

private func overwrite(_ path: String, at offset: UInt64, with text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
}

extension FileManager {
    fileprivate func truncate(_ path: String, to size: UInt64) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: size)
        try handle.close()
    }
}
