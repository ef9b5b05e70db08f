import Gateways
import Instructions
import Pacing
import Runs

/// Reads intents as they are now, within the account's limits. It knows no call that changes money.
struct LiveReads {
    /// Rounds of one read at most; a longer outage is for later.
    private static let rounds = 3
    /// Pauses that the gateway may ask for in a row.
    private static let pausesAtMost = 20
    private static let backoff = Backoff(first: .seconds(1), longest: .seconds(60))

    private let client: any GatewayClient
    private let budget: any CallBudget
    private let timekeeper: any Timekeeper
    private let timeout: Duration
    private let concurrency: Int
    private var tokenLapsesAt: Duration?
    /// Whether the token was fetched after a 401.
    private var followsRefusal = false
    private var nextFollowsRefusal = false
    private var hasAnswered = false
    private var pauses = 0
    private var throttle = ThrottlePause()

    /// Tokens too.
    private(set) var calls = 0
    /// The sum of all reads' times from their start to their answer.
    private var timeSpent = Duration.zero
    private var readsTimed = 0

    init(
        client: any GatewayClient, budget: any CallBudget, timekeeper: any Timekeeper, timeout: Duration,
        concurrency: Int
    ) {
        self.client = client
        self.budget = budget
        self.timekeeper = timekeeper
        self.timeout = timeout
        self.concurrency = concurrency
    }

    /// How long one answer took on average; nil before the first.
    var averageTime: Duration? { readsTimed == 0 ? nil : timeSpent / readsTimed }

    /// Each intent once.
    /// - Throws: `OperationError` with `.stoppedItself` for refused credentials, or a gateway that never answers.
    mutating func read(_ intentIDs: [String]) async throws -> [String: PlanJudge.Reading] {
        var found: [String: PlanJudge.Reading] = [:]
        var open = intentIDs
        for round in 0..<Self.rounds where !open.isEmpty {
            if round > 0 { try await pause(Self.backoff.bound(retry: round - 1)) }
            var unclear: [String] = []
            while !open.isEmpty {
                try await renewToken()
                let lease = try await budget.lease(upTo: min(concurrency, open.count))
                let wave = Array(open.prefix(lease.calls))
                open.removeFirst(wave.count)
                for (id, answer) in await send(wave) {
                    switch try await take(answer) {
                    case .reading(.unreadable(let why)):
                        found[id] = .unreadable(why)
                        unclear.append(id)
                    case .reading(let reading): found[id] = reading
                    case .again: open.append(id)
                    }
                }
            }
            open = unclear
        }
        if !hasAnswered, let why = found.values.lazy.compactMap(\.whyUnreadable).first {
            throw OperationError(.stoppedItself, "the gateway does not answer: \(why)")
        }
        return found
    }

    private enum Taken {
        case reading(PlanJudge.Reading)
        /// Not processed: to be asked once more.
        case again
    }

    private mutating func take(_ answer: Answer) async throws -> Taken {
        switch answer.kind {
        case .intent(let intent):
            answered()
            return .reading(.intent(intent))
        case .notFound:
            answered()
            return .reading(.notFound)
        case .throttled(let retryAfter):
            try await obey(retryAfter)
            return .again
        case .unauthorized where client.profile.usesTokens && !followsRefusal:
            // A token may be revoked early. All calls of a wave are refused at once; the next one is made with a new
            // token, and its refusal means the credentials.
            tokenLapsesAt = nil
            nextFollowsRefusal = true
            return .again
        case .unauthorized, .credentialsRefused:
            throw Self.refused(answer)
        case .notSent, .refused, .keyUsed, .stored, .nothingStored, .token, .ambiguous:
            return .reading(.unreadable(answer.message ?? "no clear answer"))
        }
    }

    private mutating func answered() {
        hasAnswered = true
        pauses = 0
        throttle.answered()
    }

    private static func refused(_ answer: Answer) -> OperationError {
        OperationError(
            .stoppedItself, "the gateway refuses the account's credentials: \(answer.message ?? "401")")
    }

    private mutating func send(_ intentIDs: [String]) async -> [(String, Answer)] {
        let (client, timeout) = (client, timeout)
        let started = timekeeper.now().monotonic
        calls += intentIDs.count
        let answers = await withTaskGroup(of: (String, Answer).self) { group in
            for id in intentIDs {
                let request = client.request(for: .read(intentID: id))
                group.addTask { (id, await client.send(request, timeout: timeout)) }
            }
            var answers: [(String, Answer)] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        // One wave's calls run side by side.
        timeSpent += timekeeper.now().monotonic - started
        readsTimed += 1
        return answers
    }

    private mutating func renewToken() async throws {
        guard client.profile.usesTokens else { return }
        for round in 0..<Self.rounds {
            let now = timekeeper.now().monotonic
            if let tokenLapsesAt, now < tokenLapsesAt { return }
            _ = try await budget.lease(upTo: 1)
            calls += 1
            let answer = await client.send(client.request(for: .token), timeout: timeout)
            switch answer.kind {
            case .token(let lifetime):
                tokenLapsesAt = timekeeper.now().monotonic + max(.seconds(1), lifetime - .seconds(30))
                followsRefusal = nextFollowsRefusal
                nextFollowsRefusal = false
                return
            case .credentialsRefused, .unauthorized: throw Self.refused(answer)
            case .throttled(let retryAfter): try await obey(retryAfter)
            default:
                guard round + 1 < Self.rounds else {
                    throw OperationError(
                        .stoppedItself, "the gateway gives no token: \(answer.message ?? "no clear answer")")
                }
                try await pause(Self.backoff.bound(retry: round))
            }
        }
        throw OperationError(.stoppedItself, "the gateway gives no token: it asks for pauses only")
    }

    /// The pause holds for every call of the account.
    private mutating func obey(_ retryAfter: RetryAfter?) async throws {
        pauses += 1
        guard pauses <= Self.pausesAtMost else {
            throw OperationError(.stoppedItself, "the gateway asks for one pause after the other")
        }
        guard let pause = throttle.begin(retryAfter, now: timekeeper.now()) else { return }
        try await budget.pause(until: pause.until)
    }

    private func pause(_ duration: Duration) async throws {
        try await timekeeper.sleep(until: timekeeper.now().monotonic + duration)
    }
}

extension PlanJudge.Reading {
    fileprivate var whyUnreadable: String? {
        if case .unreadable(let why) = self { why } else { nil }
    }
}
