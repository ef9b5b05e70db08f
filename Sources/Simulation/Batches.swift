import Glibc

/// Seeds in batches, on all cores.
enum Batches {
    static let batch = 10_000

    /// Seeds between two looks at whether any failed; one line is printed a `batch`.
    static let chunk: UInt64 = 1000
    static let eventsShown = 40

    /// True when nothing was violated.
    static func run(_ options: Options) async -> Bool {
        let clock = ContinuousClock()
        var total = Counts()
        var batched = Counts()
        let start = clock.now
        var began = start
        var next = options.first
        let end = options.first + UInt64(options.seeds)
        while next < end {
            let upTo = min(end, next + chunk)
            let result = await runChunk(next..<upTo)
            batched += result.counts
            next = upTo
            if batched.seeds >= batch || next == end || result.failed != nil {
                print(batched.line(taken: clock.now - began))
                total += batched
                batched = Counts()
                began = clock.now
            }
            if let failed = result.failed {
                print("")
                _ = Replay.run(seed: failed, eventsShown: eventsShown)
                return false
            }
        }
        print("total in \(Int((clock.now - start) / .seconds(1))) s: \(total.line(taken: clock.now - start))")
        print("violations: 0")
        return true
    }

    private struct Result: Sendable {
        var counts = Counts()
        /// The lowest seed that failed.
        var failed: UInt64?
    }

    private static func runChunk(_ seeds: Range<UInt64>) async -> Result {
        let workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return await withTaskGroup(of: Result.self) { group in
            for worker in 0..<workers {
                group.addTask { runSeeds(seeds, worker: worker, of: workers) }
            }
            var all = Result()
            for await one in group {
                all.counts += one.counts
                if let failed = one.failed { all.failed = min(failed, all.failed ?? failed) }
            }
            return all
        }
    }

    private static func runSeeds(_ seeds: Range<UInt64>, worker: Int, of workers: Int) -> Result {
        var result = Result()
        var seed = seeds.lowerBound + UInt64(worker)
        while seed < seeds.upperBound {
            CrashNotice.note(seed: seed, worker: worker)
            let world = World(Scenario(seed: seed))
            do throws(Violation) {
                try world.live()
            } catch {
                result.failed = seed
                return result
            }
            result.counts += world.counts
            seed += UInt64(workers)
        }
        return result
    }
}
