import Foundation
import Glibc
import Testing

@testable import Spool

@Suite struct ClaimTests {
    private func refusal(_ path: String, into directory: String) -> SpoolError.Code? {
        do throws(SpoolError) {
            _ = try Claim.claim(path: path, into: directory)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "the snapshot is a private, true copy under its hash",
        arguments: [0, 1, Claim.chunkSize - 1, Claim.chunkSize, Claim.chunkSize + 1, 3_000_000])
    func snapshot(size: Int) throws {
        try withTemporaryDirectory { place in
            let path = place + "/input.csv"
            let spool = place + "/state/snapshots"
            try write(sample(size), to: path)
            let claimed = try Claim.claim(path: path, into: spool)

            #expect(try claimed.sha256 == systemSHA256(path))
            #expect(claimed.snapshotPath == "\(spool)/\(claimed.sha256).input")
            #expect(try read(claimed.snapshotPath) == sample(size))
            #expect(claimed.byteCount == Int64(size))
            #expect(claimed.originalPath == path)
            #expect(try mode(of: claimed.snapshotPath) == 0o600)
            #expect(try mode(of: spool) == 0o700)
            #expect(try names(in: spool) == ["\(claimed.sha256).input"])
        }
    }

    @Test("what is not a regular file is refused, and nothing is left behind")
    func notRegular() throws {
        try withTemporaryDirectory { place in
            try write([1], to: place + "/real")
            symlink(place + "/real", place + "/link")
            symlink(place + "/nowhere", place + "/dangling")
            mkdir(place + "/directory", 0o755)
            mkfifo(place + "/pipe", 0o644)
            for path in ["link", "dangling", "directory", "pipe"].map({ "\(place)/\($0)" }) + ["/dev/null"] {
                #expect(refusal(path, into: place + "/spool") == .notRegular, "\(path)")
            }
            #expect(!FileManager.default.fileExists(atPath: place + "/spool"))
        }
    }

    @Test("a missing input is told from one that may not be read")
    func missing() throws {
        try withTemporaryDirectory { place in
            #expect(refusal(place + "/none.csv", into: place + "/spool") == .inputMissing)
            #expect(refusal(place + "/none/none.csv", into: place + "/spool") == .inputMissing)
            try write([1], to: place + "/file")
            #expect(refusal(place + "/file/none.csv", into: place + "/spool") == .inputMissing)
        }
    }

    @Test("an input without read permission is refused", .disabled(if: isRoot, "root may read everything"))
    func unreadable() throws {
        try withTemporaryDirectory { place in
            try write([1], to: place + "/input.csv")
            chmod(place + "/input.csv", 0)
            #expect(refusal(place + "/input.csv", into: place + "/spool") == .unreadable)
        }
    }

    @Test("an input that grows, shrinks or is rewritten during the copy is refused, and no copy is left")
    func changing() throws {
        let changes: [(name: String, change: (String) -> Void)] = [
            (
                "grows",
                { path in
                    FileHandle(forWritingAtPath: path).map {
                        $0.seekToEndOfFile(); $0.write(Data([1]))
                    }
                }
            ),
            ("shrinks", { path in truncate(path, 100) }),
            (
                "rewritten",
                { path in
                    utimensat(AT_FDCWD, path, [timespec(), timespec(tv_sec: 1, tv_nsec: 1)], 0)
                }
            ),
        ]
        for (name, change) in changes {
            try withTemporaryDirectory { place in
                let path = place + "/input.csv"
                try write(sample(3 * Claim.chunkSize), to: path)
                var chunks = 0
                do throws(SpoolError) {
                    _ = try Claim.claim(path: path, into: place + "/spool") {
                        chunks += 1
                        if chunks == 1 { change(path) }
                    }
                    Issue.record("claimed a file that \(name)")
                } catch {
                    #expect(error.code == .changing, "\(name): \(error)")
                }
                #expect(try names(in: place + "/spool") == [], "\(name)")
            }
        }
    }

    @Test("the same content claimed again gives the same snapshot, and a damaged one is mended")
    func again() throws {
        try withTemporaryDirectory { place in
            let spool = place + "/spool"
            try write(sample(1000), to: place + "/a.csv")
            try write(sample(1000), to: place + "/b.csv")
            let first = try Claim.claim(path: place + "/a.csv", into: spool)
            try write([9], to: first.snapshotPath)
            let second = try Claim.claim(path: place + "/b.csv", into: spool)
            #expect(first.snapshotPath == second.snapshotPath)
            #expect(first.inode != second.inode)
            #expect(try read(second.snapshotPath) == sample(1000))
            #expect(try names(in: spool).count == 1)
        }
    }

    @Test("a crash's half copy is removed by the next claim, one still being written is not")
    func leftovers() throws {
        try withTemporaryDirectory { place in
            let spool = place + "/spool"
            mkdir(spool, 0o700)
            try write([1], to: spool + "/.claim-1-1.tmp")
            try write([1], to: spool + "/unrelated.tmp")
            let living = try DraftFile(at: spool + "/.claim-2-2.tmp", permissions: 0o600)
            try write([2], to: place + "/a.csv")
            let claimed = try Claim.claim(path: place + "/a.csv", into: spool)
            #expect(try names(in: spool) == [".claim-2-2.tmp", "\(claimed.sha256).input", "unrelated.tmp"])
            try living.publish(as: "living")
            #expect(try names(in: spool) == ["\(claimed.sha256).input", "living", "unrelated.tmp"])
        }
    }

    @Test("only the very file that was claimed counts as still in place")
    func inPlace() throws {
        try withTemporaryDirectory { place in
            let path = place + "/a.csv"
            try write(sample(10), to: path)
            let claimed = try Claim.claim(path: path, into: place + "/spool")
            #expect(claimed.isOriginalInPlace)
            rename(path, place + "/kept.csv")
            #expect(!claimed.isOriginalInPlace)
            try write(sample(10), to: path)
            #expect(!claimed.isOriginalInPlace, "another file of the same content")
            unlink(path)
            symlink(place + "/kept.csv", path)
            #expect(!claimed.isOriginalInPlace, "a link to the very file")
            unlink(path)
            rename(place + "/kept.csv", path)
            #expect(claimed.isOriginalInPlace)
            truncate(path, 9)
            #expect(!claimed.isOriginalInPlace)
        }
    }

    @Test("a snapshot can be deleted for good, twice without harm")
    func delete() throws {
        try withTemporaryDirectory { place in
            try write(sample(10), to: place + "/a.csv")
            let claimed = try Claim.claim(path: place + "/a.csv", into: place + "/spool")
            try claimed.deleteSnapshot()
            #expect(try names(in: place + "/spool") == [])
            try claimed.deleteSnapshot()
            #expect(try read(place + "/a.csv") == sample(10))
        }
    }

    @Test(
        "a full disk is told as such and leaves nothing half-copied",
        .enabled(if: isRoot, "mounting needs root"))
    func diskFull() throws {
        try withTemporaryDirectory { place in
            mkdir(place + "/small", 0o700)
            guard mount("tmpfs", place + "/small", "tmpfs", 0, "size=1m") == 0 else {
                print("skipped: no right to mount here (\(String(cString: strerror(errno))))")
                return
            }
            defer { umount2(place + "/small", Int32(MNT_DETACH)) }
            try write(sample(2_000_000), to: place + "/a.csv")
            #expect(refusal(place + "/a.csv", into: place + "/small") == .disk)
            #expect(try names(in: place + "/small") == [])

            let publication = try Publication(directory: place + "/small/reports")
            let file = try publication.create("a.csv")
            do throws(SpoolError) {
                for _ in 0..<40 { try file.append(sample(50_000)) }
                _ = try file.commit()
                Issue.record("published 2 MB on 1 MB")
            } catch {
                #expect(error.code == .disk, "\(error)")
            }
            #expect(!publication.fileExists("a.csv"))
        }
    }

    @Test("errno becomes the code that decides what happens next")
    func codes() {
        let table: [(Int32, SpoolError.Code)] = [
            (ENOSPC, .disk), (EDQUOT, .disk), (EIO, .disk), (EACCES, .permission), (EPERM, .permission),
            (EROFS, .permission), (ENAMETOOLONG, .system), (EMFILE, .system),
        ]
        for (number, code) in table {
            #expect(SpoolError.system("write", "x", number).code == code, "errno \(number)")
        }
    }
}
