import Foundation
import Glibc
import Testing

@testable import Spool

@Suite("The archive")
struct ArchiveTests {
    private func claim(_ path: String, _ place: String) throws -> ClaimedInput {
        try Claim.claim(path: path, into: place + "/spool")
    }

    private func move(_ claimed: ClaimedInput, _ place: String) throws -> Archive.Outcome {
        try Archive.move(
            claimed.originalPath, inode: claimed.inode, sha256: claimed.sha256, into: place + "/archive")
    }

    @Test("the very file that was claimed is moved, under the next free name")
    func moved() throws {
        try withTemporaryDirectory { place in
            for (number, name) in ["in.csv.gz", "in-2.csv.gz", "in-3.csv.gz"].enumerated() {
                let path = place + "/in.csv.gz"
                try write([UInt8(number)], to: path)
                let claimed = try claim(path, place)
                #expect(try move(claimed, place) == .moved(to: "\(place)/archive/\(name)"))
                #expect(try read("\(place)/archive/\(name)") == [UInt8(number)])
                #expect(!FileManager.default.fileExists(atPath: path))
                #expect(try move(claimed, place) == .gone)
            }
        }
    }

    @Test("a file that was replaced or written to since stays, and so does a link to the claimed one")
    func replaced() throws {
        try withTemporaryDirectory { place in
            let path = place + "/in.csv"
            let changes: [(String, () throws -> Void)] = [
                (
                    "same content, another file",
                    {
                        try write([1, 2], to: place + "/new"); rename(place + "/new", path)
                    }
                ),
                (
                    "appended",
                    {
                        let file = try #require(fopen(path, "a"))
                        fputs("x", file)
                        fclose(file)
                    }
                ),
                (
                    "link",
                    {
                        rename(path, place + "/real"); symlink(place + "/real", path)
                    }
                ),
            ]
            for (name, change) in changes {
                unlink(path)
                try write([1, 2], to: path)
                let claimed = try claim(path, place)
                try change()
                let before = try read(path)
                guard case .stays = try move(claimed, place) else {
                    Issue.record("\(name) was moved")
                    continue
                }
                #expect(try read(path) == before, "\(name)")
            }
            #expect(!FileManager.default.fileExists(atPath: place + "/archive"))
        }
    }

    @Test("across file systems the file is copied whole, then removed")
    func otherFileSystem() throws {
        try withTemporaryDirectory { place in
            let folder = "/dev/shm/intentbatch-archive-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let path = place + "/in.csv"
            try write(sample(600_000), to: path)
            let claimed = try claim(path, place)
            let outcome = try Archive.move(path, inode: claimed.inode, sha256: claimed.sha256, into: folder)
            #expect(outcome == .moved(to: folder + "/in.csv"))
            #expect(try read(folder + "/in.csv") == sample(600_000))
            #expect(try names(in: folder) == ["in.csv"])
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("what stands beside the file goes along unless it changed since the claim, and replaces nothing")
    func companion() throws {
        try withTemporaryDirectory { place in
            let path = place + "/in.csv.totals.json"
            try write([1], to: path)
            let later = Int64(time(nil) + 60) * 1_000_000_000
            func move(_ claimedAt: Int64) throws -> Archive.Outcome {
                try Archive.moveCompanion(
                    path, unchangedSince: claimedAt, into: place + "/archive", as: "in.csv.totals.json")
            }
            guard case .stays = try move(1) else {
                Issue.record("one that changed since was moved")
                return
            }
            #expect(try move(later) == .moved(to: place + "/archive/in.csv.totals.json"))
            #expect(try move(later) == .gone)
            try write([2], to: path)
            guard case .stays = try move(later) else {
                Issue.record("one in the archive was replaced")
                return
            }
            #expect(try read(place + "/archive/in.csv.totals.json") == [1])
        }
    }
}
