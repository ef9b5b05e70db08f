/// The one owner of a gateway's state, its ledger and its faults; so requests on one intent are served one by
/// one.
///
/// Order of things, which is what makes the ledger a judge: the request is written on arrival; the effect is
/// written, then applied; the answer is written; only then may its first byte leave. Written means handed to
/// the kernel, so it survives the death of the process, not that of the machine.
actor GatewayDesk {
    /// A request that has been written to the ledger.
    struct Arrival: Sendable {
        let call: GatewayCall
        /// Unique in the ledger, from 1 on.
        let number: Int
        let fault: Fault?
    }

    private var rules: any GatewayRules
    private var ledger: Ledger
    private var faults: FaultSchedule
    private var calls: Int
    private let unixMilliseconds: @Sendable () -> Int64

    /// Opens the ledger and replays it over the rules' state and the faults' counters.
    init(
        rules: any GatewayRules, faults: FaultScript, ledgerPath: String,
        unixMilliseconds: @escaping @Sendable () -> Int64
    ) throws {
        var replayed = rules
        var schedule = FaultSchedule(faults)
        var calls = 0
        ledger = try Ledger.open(path: ledgerPath) { event in
            switch event {
            case .request(let request):
                calls = max(calls, request.call)
                let at = MangopayTime.unixMilliseconds(request.at) ?? 0
                _ = schedule.fault(operation: request.operation, intentID: request.intentID, at: at)
                _ = replayed.arrived(
                    GatewayCall(operation: request.operation, intentID: request.intentID),
                    number: request.call, at: at)
                if let special = request.fault.flatMap(SpecialFault.init(rawValue:)) {
                    try replayed.perform(special)
                }
            case .effect(let effect):
                try replayed.apply(effect)
            case .stored(let stored):
                replayed.keep(stored)
            case .answer:
                break
            }
        }
        self.rules = replayed
        self.faults = schedule
        self.calls = calls
        self.unixMilliseconds = unixMilliseconds
    }

    /// Writes that a request has come, and says what is to go wrong with it.
    func arrive(_ request: SandboxRequest, at arrivedAt: Int64) throws -> Arrival {
        calls += 1
        let call = rules.arrived(rules.recognise(request), number: calls, at: arrivedAt)
        let fault = faults.fault(operation: call.operation, intentID: call.intentID, at: arrivedAt)
        try ledger.append([
            .request(
                LedgerRequest(
                    at: Timestamp.text(arrivedAt), gateway: type(of: rules).gateway,
                    operation: call.operation,
                    intentID: call.intentID, call: calls, fault: fault?.name))
        ])
        if case .special(let special) = fault { try rules.perform(special) }
        return Arrival(call: call, number: calls, fault: fault)
    }

    /// Judges the request, writes and applies its effect, and gives the answer, which is written too when it
    /// will leave.
    func carryOut(_ request: SandboxRequest, _ arrival: Arrival, answering: Bool) throws -> SandboxAnswer {
        var request = request
        request.servedAt = unixMilliseconds()
        let at = Timestamp.text(request.servedAt)
        // A statement of its own: within a switch an unoptimised build keeps a copy of the rules alive
        // through `apply`, which then copies every intent.
        let judgement = rules.judge(arrival.call, request)
        switch judgement {
        case .answer(let answer):
            let stored = rules.stored(answer, to: arrival.call, request, at: at)
            var events = stored.map { [LedgerEvent.stored($0)] } ?? []
            if answering {
                events.append(.answer(.init(at: at, call: arrival.number, status: answer.status)))
            }
            if !events.isEmpty { try ledger.append(events) }
            if let stored { rules.keep(stored) }
            return answer
        case .effect(let change):
            guard let intentID = change.intentID ?? arrival.call.intentID else {
                preconditionFailure("An effect without an intent: \(arrival.call.operation)")
            }
            let effect = LedgerEffect(
                kind: change.kind, at: at, operation: arrival.call.operation, intentID: intentID,
                call: arrival.number, amount: change.amount, currency: change.currency,
                reason: change.reason, details: change.details, object: change.object)
            try ledger.append([.effect(effect)])
            try rules.apply(effect)
            let answer = rules.answer(after: effect)
            if answering {
                try ledger.append([.answer(.init(at: at, call: arrival.number, status: answer.status))])
            }
            return answer
        }
    }

    /// Writes an answer that did not come from the rules.
    func note(_ answer: SandboxAnswer, to arrival: Arrival) throws {
        let at = Timestamp.text(unixMilliseconds())
        try ledger.append([.answer(.init(at: at, call: arrival.number, status: answer.status))])
    }

    /// Writes what the script answers, with its dates counted from now.
    func answer(_ scripted: ScriptedAnswer, to arrival: Arrival) throws -> SandboxAnswer {
        let answer = scripted.answer(at: unixMilliseconds())
        try note(answer, to: arrival)
        return answer
    }

    /// Carries the request out and writes what the script answers instead, which is also what a gateway that
    /// remembers answers will remember.
    func carryOut(
        _ request: SandboxRequest, _ arrival: Arrival, instead scripted: ScriptedAnswer
    ) throws -> SandboxAnswer {
        _ = try carryOut(request, arrival, answering: false)
        let answer = scripted.answer(at: unixMilliseconds())
        if let stored = rules.storedInstead(answer, to: arrival.call, request) {
            try ledger.append([.stored(stored)])
            rules.keep(stored)
        }
        try note(answer, to: arrival)
        return answer
    }

    /// The rules' answer to a body that is too large, written.
    func refuseLargeBody(_ arrival: Arrival) throws -> SandboxAnswer {
        let answer = rules.answerToLargeBody()
        try note(answer, to: arrival)
        return answer
    }

    /// Replaces the fault script, with all its counters at 0; after a mistake the old one stays.
    /// - Returns: the number of rules.
    func replaceFaults(parsing bytes: [UInt8]) throws(FaultScript.Mistake) -> Int {
        let gateway = type(of: rules)
        let script = try FaultScript(
            parsing: bytes, operations: gateway.operations, specials: gateway.specialFaults)
        faults = FaultSchedule(script)
        return script.rules.count
    }

    /// Where the ledger is, and how many bytes of whole lines it has now.
    var ledgerExtent: (path: String, bytes: Int) { (ledger.path, ledger.length) }

    /// Gives the ledger back; requests that still come get no answer.
    func close() {
        ledger.close()
    }
}
