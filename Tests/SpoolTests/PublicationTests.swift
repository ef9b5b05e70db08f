import Foundation
import Glibc
import Spool
import Testing

@Suite struct PublicationTests {
    @Test("a file is absent until it is committed, then whole, with true size and hash")
    func wholeOrAbsent() throws {
        try withTemporaryDirectory { place in
            let publication = try Publication(directory: place + "/reports/run-7")
            #expect(publication.directory == place + "/reports/run-7")
            for (name, size) in [
                ("empty.csv", 0), ("one.csv", 1), ("big.csv.gz", 1_000_003), (".hidden.csv", 5),
            ] {
                let file = try publication.create(name)
                let bytes = sample(size)
                for start in stride(from: 0, to: size, by: 777) {
                    try file.append(Array(bytes[start..<min(start + 777, size)]))
                }
                #expect(!publication.fileExists(name))
                let receipt = try file.commit()
                #expect(publication.fileExists(name))
                let path = "\(publication.directory)/\(name)"
                #expect(receipt.name == name)
                #expect(receipt.byteCount == Int64(size))
                #expect(try receipt.sha256 == systemSHA256(path))
                #expect(try read(path) == bytes)
            }
            #expect(
                try names(in: publication.directory) == [".hidden.csv", "big.csv.gz", "empty.csv", "one.csv"])
        }
    }

    @Test("others may read what is published, and nobody but the owner may write it")
    func permissions() throws {
        let former = umask(0o022)
        defer { umask(former) }
        try withTemporaryDirectory { place in
            let publication = try Publication(directory: place + "/reports")
            _ = try publication.create("a").commit()
            #expect(try mode(of: place + "/reports") == 0o755)
            #expect(try mode(of: place + "/reports/a") == 0o644)
        }
    }

    @Test("a file that is dropped before its commit leaves nothing")
    func dropped() throws {
        try withTemporaryDirectory { place in
            let publication = try Publication(directory: place)
            do {
                let file = try publication.create("a.csv")
                try file.append(sample(200_000))
                #expect(try names(in: place) == [".a.csv.tmp-\(getpid())"])
            }
            #expect(try names(in: place) == [])
        }
    }

    @Test("what a crash left half-written is removed at the start; other files stay")
    func leftovers() throws {
        try withTemporaryDirectory { place in
            for name in [".a.csv.tmp-99999", ".tmp-", ".tmp-x", "a.csv.tmp-1", ".a.tmp-12x", "a.csv"] {
                try write([1], to: "\(place)/\(name)")
            }
            _ = try Publication(directory: place)
            #expect(try names(in: place) == [".a.tmp-12x", ".tmp-", ".tmp-x", "a.csv", "a.csv.tmp-1"])
        }
    }

    @Test("a published file is never changed; the same content again is no error")
    func neverChanged() throws {
        try withTemporaryDirectory { place in
            let publication = try Publication(directory: place)
            func publish(_ bytes: [UInt8]) throws -> PublishedFile.Receipt {
                let file = try publication.create("a.csv")
                try file.append(bytes)
                return try file.commit()
            }
            let first = try publish([1, 2, 3])
            #expect(try publish([1, 2, 3]) == first)
            for other: [UInt8] in [[], [1, 2], [1, 2, 4], [1, 2, 3, 4]] {
                do {
                    _ = try publish(other)
                    Issue.record("published \(other) over [1, 2, 3]")
                } catch {
                    #expect((error as? SpoolError)?.code == .alreadyPublished)
                }
            }
            #expect(try read(place + "/a.csv") == [1, 2, 3])
            #expect(try names(in: place) == ["a.csv"])
        }
    }

    @Test("a place that is no directory is refused")
    func noDirectory() throws {
        try withTemporaryDirectory { place in
            try write([1], to: place + "/file")
            for path in [place + "/file", place + "/file/below"] {
                #expect(throws: SpoolError.self) { try Publication(directory: path) }
            }
        }
    }

    @Test(
        "a place that may not be written is told as such", .disabled(if: isRoot, "root may write everything"))
    func noPermission() throws {
        try withTemporaryDirectory { place in
            chmod(place, 0o555)
            do throws(SpoolError) {
                _ = try Publication(directory: place + "/reports")
                Issue.record("made a directory without the right to")
            } catch {
                #expect(error.code == .permission)
            }
        }
    }
}
