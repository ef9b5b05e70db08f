import Glibc
import Instructions
import Pacing
import Spool

/// How runs are named and keyed.
enum RunName {
    /// `20261120T020001Z-nightly-cancellations-3fa9c1`: start in UTC, the job or the file, and six characters
    /// that tell inputs and accounts apart.
    ///
    /// - Parameter isRefused: a refusal never takes the name of the run that the same content may become within
    ///   the same second.
    static func name(
        at time: WallTime, job: String?, fileName: String, identity: AccountIdentity, sha256: String,
        again: Int, isRefused: Bool = false
    ) -> String {
        let content =
            identity.text + sha256 + (again == 0 ? "" : "\n\(again)") + (isRefused ? "\nrefused" : "")
        let mark = Digest.sha256Hex(Array(content.utf8)).prefix(6)
        return "\(stamp(time))-\(stem(job ?? fileName))-\(mark)"
    }

    /// 16 characters, the same on every host. The last line counts the `--again`s.
    static func keyBase(identity: AccountIdentity, sha256: String, again: Int) -> String {
        Digest.base32Hash(identity.text + "\n" + sha256 + "\n\(again)", characters: 16)
    }

    /// At most 40 of `a-z 0-9 -`, the ending `.csv` taken off.
    static func stem(_ name: String) -> String {
        let lower = name.lowercased()
        let base = lower.hasSuffix(".csv") ? String(lower.dropLast(4)) : lower
        var stem = ""
        for character in base.unicodeScalars {
            switch character {
            case "a"..."z", "0"..."9": stem.unicodeScalars.append(character)
            default: if !stem.isEmpty, !stem.hasSuffix("-") { stem += "-" }
            }
        }
        stem = String(stem.prefix(40))
        while stem.hasSuffix("-") { stem.removeLast() }
        return stem.isEmpty ? "file" : stem
    }

    private static func stamp(_ time: WallTime) -> String {
        var seconds = time_t(time.milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)\(padded(parts.tm_mon + 1))\(padded(parts.tm_mday))"
        return "\(date)T\(padded(parts.tm_hour))\(padded(parts.tm_min))\(padded(parts.tm_sec))Z"
    }
}
