import JSON
import Testing

@testable import Sandbox

@Suite("UseePay's list over real HTTP")
struct UseePayListTests {
    private static let intents = (0..<25).map { number in
        let day = number < 9 ? "0\(number + 1)" : "\(number + 1)"
        return #"{"id":"i\#(number)","customer_id":"cus_\#(number % 2)","#
            + #""create_at":"2026-03-\#(day)T00:00:00Z"}"#
    }

    @Test(
        "Pages hold the oldest first and say whether more follow, counted from 0 or from 1",
        arguments: [
            ("", 0..<10, true), ("?page_num=0", 0..<10, true), ("?page_num=2", 20..<25, false),
            ("?page=1", 0..<10, true), ("?page=3", 20..<25, false), ("?page=4", 25..<25, false),
            ("?page_size=25", 0..<25, false), ("?page_size=24", 0..<24, true),
            ("?page_num=1&page_size=5", 5..<10, true), ("?page=1&page_size=100", 0..<25, false),
            // Both: the documented one counts. Parameters without a value are absent ones.
            ("?page=5&page_num=1", 10..<20, true), ("?page=&page_size=", 0..<10, true),
            ("?page=1&page=2", 10..<20, true), ("?starting_after=i3&limit=1", 0..<10, true),
            ("?page_num=1000000000&page_size=100", 25..<25, false),
        ] as [(String, Range<Int>, Bool)])
    func pages(query: String, wanted: Range<Int>, hasMore: Bool) async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) { try await Client.list($0, query) }
        #expect(reply.status == 200)
        #expect(reply.json.object?.members.map(\.key) == ["items", "has_more"])
        let items = try #require(reply.json["items"]?.array)
        #expect(items.compactMap { $0["id"]?.string } == wanted.map { "i\($0)" })
        #expect(reply.json["has_more"] == .bool(hasMore))
        #expect(items.allSatisfy { $0.object?.members.count == UseePayIntent.pageKeys.count })
    }

    @Test(
        "Filters select before pages are cut",
        arguments: [
            ("?customer_id=cus_1&page_size=3&page=2", [7, 9, 11], true),
            ("?from_created_at=2026-03-24T00:00:00.000Z", [23, 24], false),
            ("?from_created_at=2026-03-24T00%3A00%3A00.001Z", [24], false),
            ("?from_created_at=2026-03-24T00:00:00Z&customer_id=cus_0", [24], false),
            ("?customer_id=cus+0", [], false),
        ] as [(String, [Int], Bool)])
    func filters(query: String, wanted: [Int], hasMore: Bool) async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        let reply = try await withSandbox(fixture.options) { try await Client.list($0, query) }
        #expect(reply.json["items"]?.array?.compactMap { $0["id"]?.string } == wanted.map { "i\($0)" })
        #expect(reply.json["has_more"] == .bool(hasMore))
    }

    @Test("A parameter that is not understood is refused with its name")
    func refused() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            for (name, value) in [
                ("page", "0"), ("page", "-1"), ("page", "1.5"), ("page", "99999999999999999999"),
                ("page_num", "-1"), ("page_num", "x"), ("page_size", "0"), ("page_size", "101"),
                ("from_created_at", "yesterday"), ("from_created_at", "2026-03-24"),
                ("from_created_at", "2026-03-24T00:00:00.Z"),
            ] {
                let reply = try await Client.list(base, "?\(name)=\(value)")
                #expect(reply.status == 400, "\(name)=\(value)")
                #expect(reply.code == "invalid_argument")
                #expect(reply.json["source"]?.string == name)
            }
        }
    }

    @Test("A created intent comes last")
    func created() async throws {
        let fixture = try SandboxFixture(Self.intents)
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let id = try await Client.create(base, UseePayWritingTests.body("1")).json["id"]
            let last = try await Client.list(base, "?page_num=25&page_size=1")
            #expect(last.json["items"]?.array?.map { $0["id"] } == [id])
            #expect(last.json["has_more"] == false)
            // An action does not move an intent.
            #expect(try await Client.cancel(base, "i0").status == 200)
            let first = try await Client.list(base, "?page_size=1").json["items"]?.array?.first
            #expect(first?["id"] == "i0")
            #expect(first?["status"] == "canceled")
        }
    }
}
