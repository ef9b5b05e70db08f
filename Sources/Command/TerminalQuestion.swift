import Glibc
import Instructions
import Intake
import Operations
import Runs

/// Asks a person at a terminal before a file that was named by hand is run (contract, section 2).
enum TerminalQuestion {
    /// Whether there is a person to ask: both the question and the answer need a terminal.
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Only `y` and `yes` are a yes. A signal, or the end of the input, is a no.
    static func isAnsweredYes(_ confirmation: Confirmation, _ watch: SignalWatch) async -> Bool {
        StandardError.write(lines(confirmation).joined(separator: "\n"))
        StandardError.write("Run it? Type yes or no:")
        var answer: [UInt8] = []
        while await !watch.isStopped {
            // Not blocking, so that a signal meanwhile ends the wait.
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0 else {
                try? await Task.sleep(for: .milliseconds(50))
                continue
            }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
            answer.append(byte)
        }
        return isYes(String(decoding: answer, as: UTF8.self))
    }

    static func isYes(_ answer: String) -> Bool {
        ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace })
    }

    static func lines(_ confirmation: Confirmation) -> [String] {
        let check = confirmation.check
        let mark = confirmation.isPractice ? "PRACTICE (embedded sandbox, no money moves)" : "LIVE"
        var lines = [
            "\(mark): \(confirmation.file) at \(confirmation.host), account \(confirmation.accountName)",
            "  \(counted(check.rows, "row"))"
                + (check.badRows > 0 ? ", \(check.badRows) of them rejected" : ""),
        ]
        lines += check.sums.map { "  " + SumText.line($0) }
        return lines
    }
}

/// What a file asks for of one action and currency.
enum SumText {
    /// `capture EUR: 2 rows, 123.45`, `cancel the whole: 3 rows`.
    static func line(_ sum: ActionSum) -> String {
        let rows = counted(sum.rows, "row")
        guard let currency = sum.currency else { return "\(sum.action.rawValue) the whole: \(rows)" }
        let amount = sum.minorUnits.map { Money(minorUnits: $0, currency: currency).majorText }
        return "\(sum.action.rawValue) \(currency.code): \(rows), \(amount ?? "beyond 64 bits")"
    }
}
