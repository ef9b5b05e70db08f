import JSON
import NIOHTTP1
import Testing

@testable import Sandbox

@Suite("Mangopay's cancel and capture over real HTTP")
struct MangopayActionTests {
    private static let data =
        #""ExternalData":{"ExternalProcessingDate":1769794421,"ExternalProviderReference":"r","#
        + #""ExternalProviderName":"ADYEN","ExternalMerchantReference":null}"#

    @Test("Each status allows what the fact file says and refuses the rest without an effect")
    func states() async throws {
        let statuses = MangopayStatus.allCases.map(\.rawValue) + ["CANCELED"]
        let fixture = try SandboxFixture.mangopay(
            statuses.filter { $0 != "PARTIALLY_CAPTURED" }.flatMap { status in
                ["cancel", "capture", "part"].map { MangopayLines.intent("\($0)-\(status)", status) }
            }
                + ["cancel", "capture", "part"].map {
                    let id = "\($0)-PARTIALLY_CAPTURED"
                    return #"{"Id":"\#(id)","Status":"PARTIALLY_CAPTURED","LineItems":[{"Id":"\#(id)-a","#
                        + #""TotalLineItemAmount":75,"CapturedAmount":10}]}"#
                })
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for status in statuses {
                let cancel = try await client.cancel("cancel-\(status)")
                let capture = try await client.capture("capture-\(status)")
                let part = try await client.capture(
                    "part-\(status)", MangopayClient.partial([("part-\(status)-a", 5)]))
                let isOpen = status == "AUTHORIZED"
                for (reply, isAllowed) in [
                    (cancel, isOpen), (capture, isOpen), (part, isOpen || status == "PARTIALLY_CAPTURED"),
                ] {
                    #expect(reply.status == (isAllowed ? 200 : 400), "\(status)")
                    guard !isAllowed else { continue }
                    #expect(reply.json["Type"] == "invalid_action")
                    #expect(reply.json["Errors"]?["Status"]?.string?.isEmpty == false)
                    #expect(reply.json["Errors"] == reply.json["errors"])
                }
            }
        }
        #expect(
            try fixture.effects() == [
                "cancel cancel-AUTHORIZED 10000", "capture capture-AUTHORIZED 10000",
                "capture part-AUTHORIZED 5", "capture part-PARTIALLY_CAPTURED 5",
            ])
    }

    @Test("A capture without a body takes everything and shows the authorisation's data; with data, its own")
    func wholeCaptures() async throws {
        let bodies = [nil, "", "{}", "[]", #"{"Amount":null,"LineItems":null,"ExternalData":{"x":null}}"#]
        let fixture = try SandboxFixture.mangopay(
            bodies.indices.map { MangopayLines.intent("i\($0)") } + [MangopayLines.intent("own")])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for (index, body) in bodies.enumerated() {
                let reply = try await client.capture("i\(index)", body)
                #expect(reply.status == 200, "\(body ?? "none")")
                #expect(reply.json["Status"] == "CAPTURED")
                #expect(reply.json["NextActions"] == "REFUNDED, DISPUTED")
                #expect(reply.json["AvailableAmountToSplit"] == 10000)
                #expect(reply.json["ExternalData"]?["ExternalProviderReference"]?.string == "auth-i\(index)")
                let lines = try #require(reply.json["LineItems"]?.array)
                #expect(lines.map { $0["CapturedAmount"] } == [7500, 2500])
                #expect(lines[0].object?.members.count == 8)
                let view = try await client.view("i\(index)").json
                #expect(MangopayInvariants.broken(view) == [])
                let capture = try #require(view["Captures"]?.array?.first)
                #expect(capture["Id"] == reply.json["Capture"]?["Id"])
                #expect(capture["Amount"] == 10000)
                #expect(capture["CreationDate"] == 1_793_000_000)
                #expect(capture["Status"] == "CAPTURED")
                #expect(
                    capture["LineItems"]?.array?.map { $0["Id"] ?? .null } == lines.map { $0["Id"] ?? .null })
            }
            let own = try await client.capture("own", #"{\#(Self.data),"Tag":"mine"}"#).json
            #expect(
                own["ExternalData"]?.object?.members.map(\.key) == [
                    "ExternalProcessingDate", "ExternalProviderReference", "ExternalProviderName",
                ])
            #expect(own["ExternalData"]?["ExternalProviderName"] == "Adyen")
            #expect(own["Tag"] == "mine")
            let view = try await client.view("own").json
            #expect(view["ExternalData"]?["ExternalProviderReference"] == "auth-own")
            #expect(view["Tag"] == nil)
        }
    }

    @Test("Parts leave the rest open; the last one makes the intent CAPTURED or CANCELLED")
    func parts() async throws {
        let fixture = try SandboxFixture.mangopay(["p", "c", "m"].map { MangopayLines.intent($0) })
        defer { fixture.remove() }
        let steps: [(id: String, isCancel: Bool, parts: [(String, Int64)]?, status: String)] = [
            ("p", false, [("p-a", 500)], "PARTIALLY_CAPTURED"),
            ("p", false, [("p-a", 500)], "PARTIALLY_CAPTURED"),
            ("p", false, [("p-b", 2500), ("p-a", 6000)], "PARTIALLY_CAPTURED"),
            ("p", false, [("p-a", 500)], "CAPTURED"), ("c", true, [("c-a", 7500)], "AUTHORIZED"),
            ("c", true, [("c-b", 1)], "AUTHORIZED"), ("c", true, [("c-b", 2499)], "CANCELLED"),
            ("m", true, [("m-b", 2000)], "AUTHORIZED"), ("m", false, [("m-b", 500)], "PARTIALLY_CAPTURED"),
            ("m", false, [("m-a", 7500)], "CAPTURED"),
        ]
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            var captureIDs: Set<String> = []
            for step in steps {
                let body = step.parts.map { MangopayClient.partial($0) }
                let reply =
                    step.isCancel
                    ? try await client.cancel(step.id, body) : try await client.capture(step.id, body)
                #expect(reply.status == 200)
                #expect(reply.json["Status"]?.string == step.status)
                if let id = reply.json["Capture"]?["Id"]?.string { captureIDs.insert(id) }
                let view = try await client.view(step.id).json
                #expect(MangopayInvariants.broken(view) == [])
                #expect(view["Status"]?.string == step.status)
            }
            #expect(captureIDs.count == steps.filter { !$0.isCancel }.count)
            #expect(try await client.view("m").json["AvailableAmountToSplit"] == 8000)
        }
        #expect(try fixture.effects().count == steps.count)
    }

    @Test("Bodies that are not allowed are refused as param_error, naming the field, without an effect")
    func badBodies() async throws {
        let table: [(operation: String, body: String, field: String)] = [
            ("captures", MangopayClient.partial([("i-a", 5)], amount: 6), "Amount"),
            ("captures", MangopayClient.partial([("i-a", 7501)]), "LineItems"),
            ("captures", MangopayClient.partial([("i-a", 5), ("i-a", 5)]), "LineItems"),
            ("captures", MangopayClient.partial([("x", 5)]), "LineItems"),
            ("captures", MangopayClient.partial([("i-a", 0)]), "LineItems"),
            ("captures", MangopayClient.partial([("i-a", -5)]), "LineItems"),
            ("captures", #"{"Amount":5}"#, "LineItems"),
            ("captures", #"{"Amount":5,"LineItems":[]}"#, "LineItems"),
            ("captures", #"{"LineItems":[{"Id":"i-a","Amount":5}]}"#, "Amount"),
            ("captures", #"{"Amount":5,"LineItems":[{"Amount":5}]}"#, "LineItems"),
            ("captures", #"{"Amount":"5","LineItems":[{"Id":"i-a","Amount":5}]}"#, "Amount"),
            ("captures", #"{"Amount":5.0,"LineItems":[{"Id":"i-a","Amount":5}]}"#, "Amount"),
            ("captures", #"{"Currency":"USD"}"#, "Currency"),
            ("captures", #"{"Currency":"eur"}"#, "Currency"),
            ("captures", #"{"PlatformFeesAmount":-1}"#, "PlatformFeesAmount"),
            ("captures", #"{"Tag":"\#(String(repeating: "x", count: 256))"}"#, "Tag"),
            ("captures", #"{"ExternalData":[]}"#, "ExternalData"),
            (
                "captures", #"{"ExternalData":{"ExternalProcessingDate":1}}"#,
                "ExternalData.ExternalProviderReference"
            ),
            (
                "captures",
                #"{"ExternalData":{"ExternalProcessingDate":1,"ExternalProviderReference":"r"}}"#,
                "ExternalData.ExternalProviderName"
            ),
            (
                "cancel", #"{"ExternalData":{"ExternalProviderReference":"r"}}"#,
                "ExternalData.ExternalProcessingDate"
            ),
            (
                "cancel", #"{"ExternalData":{"ExternalProcessingDate":"2024-10-03"}}"#,
                "ExternalData.ExternalProcessingDate"
            ),
            (
                "cancel", #"{"ExternalData":{"ExternalProcessingDate":"31-02-2024"}}"#,
                "ExternalData.ExternalProcessingDate"
            ),
            (
                "cancel", #"{"ExternalData":{"ExternalProcessingDate":1.5}}"#,
                "ExternalData.ExternalProcessingDate"
            ),
            (
                "cancel", #"{"ExternalData":{"ExternalProcessingDate":1,"ExternalProviderName":7}}"#,
                "ExternalData.ExternalProviderName"
            ),
            ("cancel", MangopayClient.partial([("i-b", 2501)]), "LineItems"), ("cancel", "{", "Body"),
            ("cancel", "[1]", "Body"), ("cancel", "null", "Body"), ("captures", "\u{7f}", "Body"),
        ]
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")])
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            for row in table {
                let reply = try await client.send(.POST, "/i/\(row.operation)", row.body)
                #expect(reply.status == 400, "\(row.body)")
                #expect(reply.json["Type"] == "param_error", "\(row.body)")
                #expect(reply.json["errors"]?.object?.members.map(\.key) == [row.field], "\(row.body)")
            }
            // A full capture after a part, and more than the part left.
            #expect(try await client.capture("i", MangopayClient.partial([("i-a", 7000)])).status == 200)
            #expect(try await client.capture("i").json["Type"] == "invalid_action")
            #expect(try await client.capture("i", "{\(Self.data)}").json["Type"] == "invalid_action")
            #expect(
                try await client.capture("i", MangopayClient.partial([("i-a", 501)])).json["Type"]
                    == "param_error")
            #expect(MangopayInvariants.broken(try await client.view("i").json) == [])
        }
        #expect(try fixture.effects() == ["capture i 7000"])
    }

    @Test("A string date is taken for a cancel, and so is an amount that is the whole by its lines")
    func takenBodies() async throws {
        let fixture = try SandboxFixture.mangopay(["a", "b", "c"].map { MangopayLines.intent($0) })
        defer { fixture.remove() }
        try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            let dated = #"{"ExternalData":{"ExternalProcessingDate":"29-02-2024"}}"#
            #expect(try await client.cancel("a", dated).json["Status"] == "CANCELLED")
            let whole = MangopayClient.partial([("b-a", 7500), ("b-b", 2500)])
            #expect(try await client.cancel("b", whole).json["Status"] == "CANCELLED")
            // After a part was cancelled a capture of everything is one of the rest: a choice.
            #expect(try await client.cancel("c", MangopayClient.partial([("c-a", 7500)])).status == 200)
            let rest = try await client.capture("c").json
            #expect(rest["Status"] == "CAPTURED")
            #expect(rest["AvailableAmountToSplit"] == 2500)
            for id in ["a", "b", "c"] {
                #expect(MangopayInvariants.broken(try await client.view(id).json) == [])
            }
        }
    }

    @Test("Concurrent requests on one intent are served one by one")
    func concurrent() async throws {
        let fixture = try SandboxFixture.mangopay([MangopayLines.intent("i")])
        defer { fixture.remove() }
        let statuses = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let body = MangopayClient.partial([("i-b", 100)])
                        return number.isMultiple(of: 2)
                            ? try await client.capture("i", body).status
                            : try await client.cancel("i", body).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        let effects = try fixture.effects()
        #expect(statuses.filter { $0 == 200 }.count == effects.count)
        // Cancels are over with the first capture; 25 hundreds is all there is.
        #expect(effects.count <= 25 && effects.contains("capture i 100"))
        let first = try #require(effects.firstIndex(of: "capture i 100"))
        #expect(effects[first...].allSatisfy { $0 == "capture i 100" })
    }

    @Test(
        "Whatever is asked in whatever order, the invariants hold, and a restart shows the same",
        arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) async throws {
        var stream = SplitMix64(seed: seed)
        let ids = (0..<6).map { "i\($0)" }
        let fixture = try SandboxFixture.mangopay(ids.map { MangopayLines.intent($0) })
        defer { fixture.remove() }
        let before = try await withSandbox(fixture.options) { base async throws in
            let client = try await MangopayClient(base)
            var accepted = 0
            for _ in 0..<120 {
                let id = ids[Int(stream.number(below: 6))]
                let parts = ["a", "b"].shuffled(using: &stream).prefix(1 + Int(stream.number(below: 2))).map {
                    ("\(id)-\($0)", Int64(stream.number(below: 3000)))
                }
                let body = stream.number(below: 8) == 0 ? nil : MangopayClient.partial(parts)
                let reply =
                    stream.number(below: 3) == 0
                    ? try await client.cancel(id, body) : try await client.capture(id, body)
                accepted += reply.status == 200 ? 1 : 0
                let view = try await client.view(id).json
                #expect(MangopayInvariants.broken(view) == [], "seed \(seed)")
            }
            #expect(try fixture.effects().count == accepted)
            #expect(accepted > 6)
            return try await client.send(.GET, "?per_page=100").body
        }
        let after = try await withSandbox(fixture.options) { base async throws in
            try await MangopayClient(base).send(.GET, "?per_page=100").body
        }
        #expect(before == after)
    }
}
