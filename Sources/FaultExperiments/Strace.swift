import Foundation
import Trials

/// strace(1), which sees the binary's system calls and can strike one of them.
enum Strace {
    static let path = "/usr/bin/strace"

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    static let missing = "strace is not installed: sudo apt-get install -y strace"

    /// What is done to the k-th call of a thread: strace counts each thread for itself.
    enum Harm: Hashable, Sendable {
        case kill
        case error(String, lasting: Bool)

        var text: String {
            switch self {
            case .kill: "signal=SIGKILL"
            case .error(let name, _): "error=\(name)"
            }
        }

        var name: String {
            switch self {
            case .kill: "kill"
            case .error(let name, let lasting): lasting ? "\(name) from then on" : name
            }
        }

        var isLasting: Bool {
            if case .error(_, let lasting) = self { lasting } else { false }
        }
    }

    /// The words before a command.
    static func striking(_ call: String, at k: Int, with harm: Harm) -> [String] {
        // With --seccomp-bpf strace 6.1 injects errors but never a signal.
        [path, "-f", "-qq"] + (harm == .kill ? [] : ["--seccomp-bpf"]) + [
            "-o", "/dev/null", "-e", "trace=\(call)", "-e",
            "inject=\(call):\(harm.text):when=\(k)\(harm.isLasting ? "+" : "")",
        ]
    }

    /// The words before a command whose calls are written to a file, with all of what is written.
    static func recording(_ calls: [String], to file: String) -> [String] {
        [
            path, "-f", "-qq", "--seccomp-bpf", "-y", "-s", "20000", "-o", file, "-e",
            "trace=\(calls.joined(separator: ","))",
        ]
    }
}
