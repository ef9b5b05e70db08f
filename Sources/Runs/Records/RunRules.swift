package import Instructions
package import Pacing

/// What is frozen with a run, so that a resume judges by the same rules.
package struct RunRules: Hashable, Sendable, Codable {
    package enum Preflight: String, Sendable, Codable {
        /// Every intent is read once, just before it is acted on.
        case always
        /// The gateway judges alone; allowed for whole cancels only.
        case never
    }

    /// The account's choice for each assumption of the profile.
    package var assume: [String: String]
    package var preflight: Preflight
    /// How long a pending intent is asked again, in milliseconds.
    package var pendingWaitMilliseconds: Int64
    /// Sends of one row at most, and failed reads in a row at most.
    package var attempts: Int
    /// Upper bound of the first backoff, in milliseconds.
    package var firstBackoffMilliseconds: Int64
    /// Upper bound of every backoff, in milliseconds.
    package var longestBackoffMilliseconds: Int64
    /// How long an unreachable or failing gateway is probed before the run stops, in milliseconds.
    package var outageWaitMilliseconds: Int64
    /// How long answers in flight are awaited after a stop, in milliseconds.
    package var drainMilliseconds: Int64
    /// How long the gateway is trusted to keep the answer to a key, in milliseconds; nil where it has no keys.
    package var keyLifetimeMilliseconds: Int64?
    /// Whether a row without external data is rejected, as the original Mangopay page says of cancels.
    package var needsExternalData: Bool
    /// How late a lost request may still take effect, in milliseconds.
    package var lateBoundMilliseconds: Int64
    /// The share of the rows whose calls may be repeated after an ambiguous answer, in millionths.
    package var retryBudgetPartsPerMillion: Int
    /// When the run stops itself because too many rows go wrong; nil for never.
    package var stopWhen: FailureLimit?
    /// The most that resolved amounts may sum to, in minor units by currency code; no bound for others.
    package var maximumSums: [String: Int64] = [:]
    /// Shares of the rows that may be rejected or declined without the exit code saying so, in millionths.
    package var toleratedRejectedPartsPerMillion: Int
    package var toleratedDeclinedPartsPerMillion: Int
    /// Absolute path of the folder that the input is moved to when the run is over; nil leaves it where it is.
    package var archiveDirectory: String?
    /// Absolute path of the folder that gets the run's own report folder.
    package var reportsDirectory: String
    /// How the input was read, and is read again for a resume or a report.
    package var reading: ReadOptions

    package init(
        assume: [String: String] = [:], preflight: Preflight = .always,
        pendingWaitMilliseconds: Int64 = 600_000, attempts: Int = 6, firstBackoffMilliseconds: Int64 = 500,
        longestBackoffMilliseconds: Int64 = 60_000, outageWaitMilliseconds: Int64 = 3_600_000,
        drainMilliseconds: Int64 = 10_000, keyLifetimeMilliseconds: Int64? = nil,
        needsExternalData: Bool = false, lateBoundMilliseconds: Int64 = 3_600_000,
        retryBudgetPartsPerMillion: Int = 100_000, stopWhen: FailureLimit? = nil,
        toleratedRejectedPartsPerMillion: Int = 0, toleratedDeclinedPartsPerMillion: Int = 0,
        archiveDirectory: String? = nil, reportsDirectory: String = "reports",
        reading: ReadOptions = ReadOptions()
    ) {
        self.assume = assume
        self.preflight = preflight
        self.pendingWaitMilliseconds = pendingWaitMilliseconds
        self.attempts = attempts
        self.firstBackoffMilliseconds = firstBackoffMilliseconds
        self.longestBackoffMilliseconds = longestBackoffMilliseconds
        self.outageWaitMilliseconds = outageWaitMilliseconds
        self.drainMilliseconds = drainMilliseconds
        self.keyLifetimeMilliseconds = keyLifetimeMilliseconds
        self.needsExternalData = needsExternalData
        self.lateBoundMilliseconds = lateBoundMilliseconds
        self.retryBudgetPartsPerMillion = retryBudgetPartsPerMillion
        self.stopWhen = stopWhen
        self.toleratedRejectedPartsPerMillion = toleratedRejectedPartsPerMillion
        self.toleratedDeclinedPartsPerMillion = toleratedDeclinedPartsPerMillion
        self.archiveDirectory = archiveDirectory
        self.reportsDirectory = reportsDirectory
        self.reading = reading
    }
}

extension RunRules {
    /// Rules that an older release froze lack what it did not know; that has its default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        let standard = RunRules()
        self.init(
            assume: try value(.assume, standard.assume), preflight: try value(.preflight, standard.preflight),
            pendingWaitMilliseconds: try value(.pendingWaitMilliseconds, standard.pendingWaitMilliseconds),
            attempts: try value(.attempts, standard.attempts),
            firstBackoffMilliseconds: try value(.firstBackoffMilliseconds, standard.firstBackoffMilliseconds),
            longestBackoffMilliseconds: try value(
                .longestBackoffMilliseconds, standard.longestBackoffMilliseconds),
            outageWaitMilliseconds: try value(.outageWaitMilliseconds, standard.outageWaitMilliseconds),
            drainMilliseconds: try value(.drainMilliseconds, standard.drainMilliseconds),
            keyLifetimeMilliseconds: try values.decodeIfPresent(Int64.self, forKey: .keyLifetimeMilliseconds),
            needsExternalData: try value(.needsExternalData, standard.needsExternalData),
            lateBoundMilliseconds: try value(.lateBoundMilliseconds, standard.lateBoundMilliseconds),
            retryBudgetPartsPerMillion: try value(
                .retryBudgetPartsPerMillion, standard.retryBudgetPartsPerMillion),
            stopWhen: try values.decodeIfPresent(FailureLimit.self, forKey: .stopWhen),
            toleratedRejectedPartsPerMillion: try value(
                .toleratedRejectedPartsPerMillion, standard.toleratedRejectedPartsPerMillion),
            toleratedDeclinedPartsPerMillion: try value(
                .toleratedDeclinedPartsPerMillion, standard.toleratedDeclinedPartsPerMillion),
            archiveDirectory: try values.decodeIfPresent(String.self, forKey: .archiveDirectory),
            reportsDirectory: try value(.reportsDirectory, standard.reportsDirectory),
            reading: try value(.reading, standard.reading))
        maximumSums = try value(.maximumSums, standard.maximumSums)
    }
}
