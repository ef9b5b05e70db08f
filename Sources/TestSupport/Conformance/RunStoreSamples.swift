package import Instructions
package import Pacing
package import Runs

/// Records to fill a store with: every field set to something of its own, so that a mixed-up one shows.
package enum RunStoreSamples {
    package static let start = WallTime(seconds: 1_795_132_800)
    /// In ISO 4217, so not nil.
    package static let euro = Currency(code: "EUR")!
    package static let identity = AccountIdentity(
        gateway: "useepay", origin: "https://openapi.example", parties: ["500000000007245", "www.pay.com"])

    package static func newRun(
        _ name: String, sha256: String? = nil, identity: AccountIdentity = identity,
        createdAt: WallTime = start
    ) -> NewRun {
        var rules = RunRules(attempts: 4)
        rules.assume = ["partial-capture": "final", "amount-unit": "major"]
        rules.preflight = .never
        return NewRun(
            name: name, accountName: "useepay-eu", identity: identity, job: "nightly",
            input: InputRecord(
                name: "cancellations.csv", path: "/in/cancellations.csv", sha256: sha256 ?? "sha-of-\(name)",
                byteCount: 4_321, snapshotPath: "/state/inputs/\(name)", inode: .max),
            keyBase: "ABCDEFGHIJKLMNOP", rules: rules, actor: "ann@host", note: "monthly\nround",
            createdAt: createdAt)
    }

    package static func cancel(_ row: Int, _ intentID: String, expiresAt: Int64? = nil) -> Instruction {
        var instruction = Instruction(
            row: row, line: row + 1, action: .cancel, intentID: intentID, requested: .everything(nil))
        instruction.expiresAt = expiresAt
        return instruction
    }

    package static func capture(_ row: Int, _ intentID: String, minorUnits: Int64) -> Instruction {
        Instruction(
            row: row, line: row + 1, action: .capture, intentID: intentID,
            requested: .exactly(Money(minorUnits: minorUnits, currency: euro)))
    }

    /// The only batch of an import.
    package static func batch(_ rows: [Instruction]) -> ImportBatch {
        var batches = ImportBatches()
        for row in rows { batches.add(row) }
        return batches.take()
    }

    /// Instructions in which every optional field occurs with and without a value.
    package static func variedInstructions() -> [Instruction] {
        var full = capture(1, "pi_1", minorUnits: .max)
        full.reason = "customer asked; \"quoted\", ünïcode 日本 🎈\nsecond line"
        full.reference = "order-1"
        full.lineItems = [
            LineAmount(id: "line;1", minorUnits: 5), LineAmount(id: "line:2!", minorUnits: .min),
        ]
        var external = ExternalData(processingDate: 1_795_132_800)
        external.merchantReference = "m"
        external.providerPaymentMethod = ""
        full.externalData = external
        full.expiresAt = -1
        external.providerReference = "p:3;"
        external.providerName = "!"
        var everything = Instruction(
            row: 2, line: 40, action: .capture, intentID: "pi_2", requested: .everything(euro))
        everything.externalData = external
        everything.reason = ""
        return [full, everything, cancel(3, "pi_3")]
    }

    package static func intent(_ id: String, full: Bool = true) -> PaymentIntent {
        var intent = PaymentIntent(
            id: id, status: "requires_capture", amount: Money(minorUnits: 10_023, currency: euro))
        guard full else { return intent }
        intent.captured = 0
        intent.cancelled = -7
        intent.cancellationReason = "zero \0 inside, ünïcode 日本, 12:34;!"
        intent.lines = [
            .init(id: "a", total: 10_000, captured: 1, cancelled: 2),
            .init(id: "", total: 23, captured: .max, cancelled: .min),
        ]
        intent.captures = [
            .init(id: "c1", minorUnits: 1, lines: []),
            .init(
                id: "c2", minorUnits: 2,
                lines: [LineAmount(id: "a", minorUnits: 1), LineAmount(id: "b", minorUnits: 1)]),
        ]
        intent.gatewayReference = "merchant_order 9"
        return intent
    }

    package static func attempt(
        _ row: Int, _ intentID: String, number: Int = 1, generation: Int = 1, snapshot: PaymentIntent? = nil
    ) -> Attempt {
        Attempt(
            row: row, number: number, generation: generation, key: "ABCDEFGHIJKLMNOP-\(row)-\(generation)",
            action: .cancel, intentID: intentID, snapshot: snapshot ?? intent(intentID, full: false),
            amount: nil,
            lines: [], body: [], openedAt: start.advanced(by: .milliseconds(row)), timeout: .seconds(30),
            answer: nil)
    }

    package static func closing(
        _ row: Int, number: Int = 1, _ answer: AnswerClass = .proven
    ) -> AttemptClosing {
        AttemptClosing(
            row: row, number: number, answer: answer, httpStatus: 200, gatewayCode: "ok",
            closedAt: start.advanced(by: .seconds(1)))
    }

    package static func settlement(
        _ row: Int, _ outcome: Outcome = .applied, action: Action = .cancel, asked: Int64? = nil,
        applied: Int64? = nil
    ) -> Settlement {
        var settlement = Settlement(
            row: row, action: action, outcome: outcome, howKnown: .response,
            finishedAt: start.advanced(by: .seconds(Int64(row))))
        settlement.asked = asked.map { Money(minorUnits: $0, currency: euro) }
        settlement.applied = applied.map { Money(minorUnits: $0, currency: euro) }
        return settlement
    }

    /// A settlement with every field set.
    package static func fullSettlement(_ row: Int) -> Settlement {
        var settlement = settlement(row, .declined, action: .cancel, asked: 10_023, applied: 23)
        settlement.code = "gateway_refused"
        settlement.message = "The gateway said: „nein“,\nsorry"
        settlement.statusBefore = "requires_capture"
        settlement.statusAfter = "succeeded"
        settlement.remaining = Currency(code: "JPY").map { Money(minorUnits: 10_000, currency: $0) }
        settlement.attempts = 3
        settlement.key = "ABCDEFGHIJKLMNOP-\(row)-2"
        settlement.gatewayReference = "merchant_order 9"
        settlement.gatewayCode = "invalid_state"
        settlement.httpStatus = 422
        return settlement
    }
}
