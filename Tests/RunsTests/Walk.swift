import Instructions
import Pacing
import Runs

/// Walks a machine through a run without async: leases are granted and units committed at once (unless held), time
/// jumps to the next wake, and each call is answered from a script. What it wrote and sent is kept for the test.
struct Walk {
    var machine: RunMachine
    var monotonic: Duration = .seconds(1000)
    /// What the wall clock is ahead of the monotonic one.
    var wallOffset: Duration = .seconds(1_800_000_000)
    var rows: [PendingRow]
    var started: [PendingRow]
    /// Rows released when that row is settled.
    var released: [Int: [PendingRow]] = [:]
    var openCalls: [(id: Int, request: GatewayRequest)] = []
    var sent: [GatewayRequest] = []
    var writes: [RunWrite] = []
    var settlements: [Settlement] = []
    var events: [RunEvent] = []
    var wakes: [Duration] = []
    var ended: Stop??
    var holdsCommits = false
    var heldUnits: [WriteUnit] = []
    var grantsLeases = true
    var wantedLease: Int?
    /// Calls of leases that were given back.
    var givenBack = 0
    var slot: Duration = .milliseconds(20)
    /// Answers for the next units that open an attempt; `.committed` when used up.
    var openResults: [UnitResult] = []

    init(
        _ rows: [PendingRow], started: [PendingRow] = [], rules: RunRules = RunRules(),
        profile: GatewayProfile = .walkUseePay, concurrency: Int = 16, drain: Duration = .seconds(10),
        purpose: RunMachine.Purpose = .execute, past: RunPast = RunPast(), deadline: Duration? = nil
    ) {
        self.rows = rows
        self.started = started
        machine = RunMachine(
            purpose: purpose, profile: profile, rules: rules,
            settings: .init(
                concurrency: concurrency, timeout: .seconds(30), drain: drain, deadline: deadline),
            keyBase: "abcdefghijklmnop", seed: 7, past: past
        ) { call in
            switch call {
            case .read(let id):
                GatewayRequest(call: call, method: "GET", path: "/\(id)", body: [])
            case .storedResponse(let change):
                GatewayRequest(call: call, method: "GET", path: "/responses/\(change.key)", body: [])
            case .token:
                GatewayRequest(call: call, method: "POST", path: "/token", body: [])
            case .change(let change):
                GatewayRequest(
                    call: call, method: "POST", path: "/\(change.intentID)/\(change.action)",
                    body: Array(change.key.utf8))
            }
        }
    }

    var now: Moment {
        Moment(
            monotonic: monotonic, wall: WallTime(milliseconds: (monotonic + wallOffset).wholeMilliseconds))
    }

    mutating func start() { perform(machine.start(now: now)) }

    mutating func tell(_ event: RunMachine.Event) { perform(machine.handle(event, now: now)) }

    /// Answers the oldest open call.
    mutating func answer(_ answer: Answer) {
        let call = openCalls.removeFirst()
        tell(.answered(call: call.id, answer))
    }

    /// The oldest open call was not started in time.
    mutating func miss() {
        sent.removeLast(openCalls.count)
        let call = openCalls.removeFirst()
        sent += openCalls.map(\.request)
        tell(.missed(call: call.id))
    }

    mutating func advance(by duration: Duration) {
        monotonic += duration
        wakes.removeAll { $0 <= monotonic }
        tell(.clock)
    }

    /// Jumps to the next wake; false when there is none.
    mutating func skip() -> Bool {
        guard let next = wakes.min() else { return false }
        monotonic = max(monotonic, next)
        wakes.removeAll { $0 <= monotonic }
        tell(.clock)
        return true
    }

    struct Stuck: Error {}

    mutating func mustSkip() throws {
        guard skip() else { throw Stuck() }
    }

    /// Jumps from wake to wake until a call is open, the run has ended, or nothing is left to wait for.
    mutating func skipToCall() {
        while openCalls.isEmpty, ended == nil, skip() {}
    }

    mutating func commitHeld() {
        let units = heldUnits
        heldUnits = []
        for unit in units { commit(unit) }
    }

    mutating func grant(_ calls: Int) {
        wantedLease = nil
        tell(.leased(CallLease(calls: calls, closes: monotonic + slot)))
    }

    private mutating func perform(_ effects: [RunMachine.Effect]) {
        for effect in effects {
            switch effect {
            case .loadStarted:
                tell(.startedRows(started))
            case .loadWaiting(let cursor, let limit):
                let next = rows.drop { row in
                    cursor.map { (row.priority, row.instruction.row) <= ($0.priority, $0.row) } ?? false
                }
                tell(.waitingRows(Array(next.prefix(limit))))
            case .lease(let calls):
                if grantsLeases { grant(calls) } else { wantedLease = calls }
            case .giveBack(let calls, _):
                givenBack += calls
            case .pause:
                break
            case .commit(let unit):
                if holdsCommits { heldUnits.append(unit) } else { commit(unit) }
            case .send(let call, let request, _, _):
                openCalls.append((id: call, request: request))
                sent.append(request)
            case .wake(let time):
                wakes.append(time)
            case .report(let event):
                events.append(event)
            case .finish(let stop):
                ended = .some(stop)
            }
        }
    }

    private mutating func commit(_ unit: WriteUnit) {
        var result = UnitResult.committed(released: [])
        for write in unit.writes {
            if case .open = write, !openResults.isEmpty { result = openResults.removeFirst() }
            if case .settle(let settlement) = write {
                result = .committed(released: released[settlement.row] ?? [])
            }
        }
        if case .committed = result {
            writes += unit.writes
            settlements += unit.writes.compactMap { if case .settle(let it) = $0 { it } else { nil } }
        }
        tell(.committed(unit: unit.id, result))
    }

    var stopReason: StopReason? { (ended ?? nil)?.reason }

    /// The calls made: `C` a money-changing one, `r` a read, `S` a stored response, `T` a token.
    var letters: String {
        sent.map { request in
            switch request.call {
            case .change: "C"
            case .read: "r"
            case .storedResponse: "S"
            case .token: "T"
            }
        }.joined()
    }

    var changes: [Change] {
        sent.compactMap { if case .change(let change) = $0.call { change } else { nil } }
    }

    var attempts: [Attempt] { writes.compactMap { if case .open(let attempt) = $0 { attempt } else { nil } } }

    var closings: [AttemptClosing] {
        writes.compactMap { if case .close(let closing) = $0 { closing } else { nil } }
    }
}

extension GatewayProfile {
    static let walkUseePay = useePay(partialCapture: .refused)
    static let walkUseePayFinal = useePay(partialCapture: .final)

    private static func useePay(partialCapture: PartialRule) -> GatewayProfile {
        GatewayProfile(
            gateway: "useepay",
            states: [
                "requires_payment_method": .unauthorized, "requires_customer_action": .unauthorized,
                "requires_capture": .authorized, "succeeded": .captured, "canceled": .cancelled,
                "cancelled": .cancelled, "pending": .pending, "failed": .failed,
            ],
            cancelAllowedFrom: [.unauthorized, .authorized], captureAllowedFrom: [.authorized],
            partialCancel: .refused, partialCapture: partialCapture, missingCapturedAmountMeansWhole: true,
            sendsCancellationReason: true, defaultLimits: [], assumptions: [])
    }
}

let usd = Currency(code: "USD")!

func dollars(_ text: String) -> Money { try! Money(majorText: text, currency: usd) }

/// An intent of 100.23 USD in that status.
func intent(
    _ status: String, captured: String? = nil, reason: String? = nil, id: String = "pi_1"
) -> PaymentIntent {
    var intent = PaymentIntent(id: id, status: status, amount: dollars("100.23"))
    intent.captured = captured.map { dollars($0).minorUnits }
    intent.cancellationReason = reason
    return intent
}

func shows(
    _ status: String, captured: String? = nil, reason: String? = nil, id: String = "pi_1"
) -> Answer {
    Answer(.intent(intent(status, captured: captured, reason: reason, id: id)), httpStatus: 200)
}

let lost = Answer(.ambiguous, message: "no answer within 30 s")
let http500 = Answer(.ambiguous, httpStatus: 500)
let unreachable = Answer(.notSent, message: "connection refused")
let refusal = Answer(.refused, httpStatus: 400, gatewayCode: "invalid_argument", message: "not allowed")

func row(
    _ number: Int = 1, _ action: Action = .cancel, _ requested: RequestedAmount = .everything(nil),
    id: String = "pi_1", reason: String? = nil, earlier: PendingRow.Earlier? = nil, attempts: [Attempt] = []
) -> PendingRow {
    var instruction = Instruction(
        row: number, line: number + 1, action: action, intentID: id, requested: requested)
    instruction.reason = reason
    return PendingRow(
        instruction: instruction, priority: .max, earlier: earlier, attempts: attempts)
}
