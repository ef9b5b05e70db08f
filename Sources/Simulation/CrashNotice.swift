import Glibc

/// Says which seeds were running when a trap ends the process: the machine traps on what must be impossible.
enum CrashNotice {
    private static let workersAtMost = 64
    /// A seed a worker; written by it alone, read by the signal handler.
    nonisolated(unsafe) private static let seeds: UnsafeMutablePointer<UInt64> = {
        let pointer = UnsafeMutablePointer<UInt64>.allocate(capacity: workersAtMost)
        pointer.initialize(repeating: .max, count: workersAtMost)
        return pointer
    }()

    static func note(seed: UInt64, worker: Int) {
        if worker < workersAtMost { seeds[worker] = seed }
    }

    static func install() {
        note(seed: .max, worker: 0)
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV] {
            signal(number) { number in
                CrashNotice.write("\na trap; one of these seeds replays it: make sim SEED=")
                for worker in 0..<CrashNotice.workersAtMost where CrashNotice.seeds[worker] != .max {
                    CrashNotice.write(" ")
                    CrashNotice.write(number: CrashNotice.seeds[worker])
                }
                CrashNotice.write("\n")
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Only what POSIX allows in a signal handler: no memory is allocated.
    private static func write(_ text: StaticString) {
        _ = Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
    }

    private static func write(number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            var digit = UInt8(ascii: "0") + UInt8(number / divisor % 10)
            _ = Glibc.write(2, &digit, 1)
            divisor /= 10
        }
    }
}
