import Foundation
import Glibc
import Testing

@testable import Spool

@Suite("The files that a job's input names")
struct InboxTests {
    private static let now: Int64 = 1_795_132_800_000_000_000

    private func put(_ names: String..., in place: String, secondsOld: Int64 = 3600) throws {
        for name in names {
            let path = "\(place)/\(name)"
            try write([1], to: path)
            var times = [timespec](
                repeating: timespec(tv_sec: Int(Self.now / 1_000_000_000 - secondsOld), tv_nsec: 0), count: 2)
            utimensat(AT_FDCWD, path, &times, 0)
        }
    }

    private func ready(_ path: String) throws -> [String] {
        try Inbox.list(path, now: Self.now).ready.map { String($0.split(separator: "/").last ?? "") }
    }

    @Test("matches come in name order, byte by byte; folders and control totals are none")
    func order() throws {
        try withTemporaryDirectory { place in
            try put("b.csv", "a.csv", "a10.csv", "a2.csv", "B.csv", "c.txt", in: place)
            try put("a.csv.totals.json", in: place)
            mkdir(place + "/old.csv", 0o755)
            #expect(try ready(place + "/*.csv") == ["B.csv", "a.csv", "a10.csv", "a2.csv", "b.csv"])
            #expect(try ready(place + "/a*") == ["a.csv", "a10.csv", "a2.csv"])
            #expect(try ready(place + "/[ab].csv") == ["a.csv", "b.csv"])
            #expect(try ready(place + "/a?.csv") == ["a2.csv"])
            #expect(try ready(place + "/*.tsv") == [])
            #expect(try ready(place + "/b.csv") == ["b.csv"])
            #expect(try ready(place + "/none.csv") == [])
        }
    }

    @Test("what is still being written is left, each with its reason")
    func left() throws {
        try withTemporaryDirectory { place in
            try put(".hidden.csv", "a.csv.part", "a.csv.tmp", "a.csv.filepart", "a.csv", in: place)
            let listing = try Inbox.list(place + "/*", now: Self.now)
            #expect(listing.ready == [place + "/a.csv"])
            #expect(listing.left.count == 4 && !listing.isEmpty)
            for (file, words) in zip(listing.left, ["begins with a dot", ".filepart", ".part", ".tmp"]) {
                #expect(file.reason.contains(words), "\(file)")
            }
        }
    }

    @Test(
        "a match that changed in the last 60 s may still be growing; one named in full may not",
        arguments: [(0, false), (59, false), (60, false), (61, true), (3600, true), (-3600, true)])
    func growing(secondsOld: Int64, isReady: Bool) throws {
        try withTemporaryDirectory { place in
            try put("in.csv", in: place, secondsOld: secondsOld)
            #expect(try ready(place + "/*.csv") == (isReady ? ["in.csv"] : []))
            #expect(try Inbox.list(place + "/*.csv", now: Self.now).left.count == (isReady ? 0 : 1))
            #expect(try ready(place + "/in.csv") == ["in.csv"])
        }
    }

    @Test("a missing folder is told from an empty one")
    func noFolder() throws {
        try withTemporaryDirectory { place in
            let listing = try Inbox.list(place + "/*.csv", now: Self.now)
            #expect(listing.isEmpty)
            let error = #expect(throws: SpoolError.self) {
                try Inbox.list(place + "/none/*.csv", now: Self.now)
            }
            #expect(error?.code == .inputMissing)
            #expect(error?.message.contains(place + "/none") == true)
        }
    }

    @Test("a link is listed, so that its claim refuses it aloud")
    func link() throws {
        try withTemporaryDirectory { place in
            try put("real.txt", in: place)
            symlink(place + "/real.txt", place + "/link.csv")
            #expect(try Inbox.list(place + "/*.csv", now: Self.now + 7_200_000_000_000_000).ready.count == 1)
        }
    }
}
