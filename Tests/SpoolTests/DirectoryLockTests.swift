import Foundation
import Glibc
import Spool
import Testing

@Suite struct DirectoryLockTests {
    private func refusal(_ path: String) -> SpoolError? {
        do throws(SpoolError) {
            _ = try DirectoryLock.acquire(path)
            return nil
        } catch {
            return error
        }
    }

    @Test("a lock is held by one at a time, and the refusal names process, host and start")
    func exclusive() throws {
        try withTemporaryDirectory { place in
            let path = place + "/state/run.lock"
            #expect(!DirectoryLock.isHeld(path))
            let lock = try DirectoryLock.acquire(path)
            #expect(DirectoryLock.isHeld(path))
            let error = try #require(refusal(path))
            #expect(error.code == .locked)
            let host = ProcessInfo.processInfo.hostName
            #expect(error.message.contains("process \(getpid()) on \(host) since 20"), "\(error)")
            lock.release()
            #expect(!DirectoryLock.isHeld(path))
            #expect(refusal(path) == nil)
            lock.release()
        }
    }

    @Test("dropping the lock frees it, and the file stays")
    func dropped() throws {
        try withTemporaryDirectory { place in
            let path = place + "/run.lock"
            for _ in 0..<3 {
                _ = try DirectoryLock.acquire(path)
                #expect(!DirectoryLock.isHeld(path))
            }
            #expect(try names(in: place) == ["run.lock"])
            let lines = String(decoding: try read(path), as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 1, "the holder before is written over")
        }
    }

    @Test("another process's lock excludes us until it is killed")
    func otherProcess() throws {
        try withTemporaryDirectory { place in
            let path = place + "/run.lock"
            let holder = Process()
            holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
            holder.arguments = ["--no-fork", path, "sh", "-c", "echo held; exec cat"]
            let (said, heard) = (Pipe(), Pipe())
            holder.standardOutput = said
            holder.standardInput = heard
            try holder.run()
            #expect(said.fileHandleForReading.availableData == Data("held\n".utf8))

            #expect(DirectoryLock.isHeld(path))
            let error = try #require(refusal(path))
            #expect(error.code == .locked)
            #expect(error.message.contains("another process"), "flock(1) writes no holder: \(error)")

            kill(holder.processIdentifier, SIGKILL)
            holder.waitUntilExit()
            #expect(!DirectoryLock.isHeld(path))
            #expect(refusal(path) == nil)
        }
    }

    @Test("our lock excludes another process, and is not handed on to child processes")
    func child() throws {
        try withTemporaryDirectory { place in
            let path = place + "/run.lock"
            let lock = try DirectoryLock.acquire(path)
            #expect(try output(of: "/usr/bin/flock", "--nonblock", path, "true") == nil)
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/bin/cat")
            let (said, heard) = (Pipe(), Pipe())
            child.standardOutput = said
            child.standardInput = heard
            try child.run()
            lock.release()
            #expect(try output(of: "/usr/bin/flock", "--nonblock", path, "true") != nil)
            let again = try DirectoryLock.acquire(path)
            again.release()
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
    }

    @Test("of many who try at once exactly one wins, also while others ask who holds it")
    func race() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/intentbatch-race-\(UUID().uuidString)"
        defer { unlink(path) }
        let winners = await withTaskGroup(of: DirectoryLock?.self) { group in
            for index in 0..<50 {
                group.addTask {
                    if index % 2 == 0 { _ = DirectoryLock.isHeld(path) }
                    return try? DirectoryLock.acquire(path)
                }
            }
            return await group.reduce(into: [DirectoryLock]()) { locks, lock in
                if let lock { locks.append(lock) }
            }
        }
        #expect(winners.count == 1)
        winners.forEach { $0.release() }
    }

    @Test("a lock file that was deleted against the rule does not let two in by the new one's name")
    func deletedFile() throws {
        try withTemporaryDirectory { place in
            let path = place + "/run.lock"
            let lock = try DirectoryLock.acquire(path)
            lock.release()
            unlink(path)
            let second = try DirectoryLock.acquire(path)
            #expect(refusal(path)?.code == .locked)
            second.release()
        }
    }

    @Test("a symbolic link is not taken for a lock file")
    func link() throws {
        try withTemporaryDirectory { place in
            try write([], to: place + "/other")
            symlink(place + "/other", place + "/run.lock")
            #expect(refusal(place + "/run.lock")?.code == .system)
        }
    }
}
