import Yams

// Typed values below a key. Each gives nil without a problem when the key is missing, and nil with a problem
// when the value is not what it must be; every problem stands at the value.
extension Section {
    /// The exact text of a scalar: `007` stays `007`, quoted or not.
    func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(of: node, key: key)
    }

    func text(of node: Node, key: String) -> String? {
        guard case .scalar(let scalar) = node else {
            problems.add(Wording.notOneValue(key), at: node.mark)
            return nil
        }
        let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        guard !isNull, !scalar.string.isEmpty else {
            problems.add(Wording.noValue(key), at: scalar.mark ?? keyMark(key))
            return nil
        }
        return scalar.string
    }

    /// Reports a missing key at the section's own place.
    func requiredText(_ key: String, _ why: String) -> String? {
        if !has(key) { problems.add(Wording.missing(key, why), at: mark) }
        return text(key)
    }

    /// An absolute path; a relative one belongs to the file's folder.
    func path(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        guard !text.utf8.contains(0) else {
            problems.add(Wording.pathWithNUL(key), at: node(key)?.mark)
            return nil
        }
        guard text != "~", !text.hasPrefix("~/") else {
            problems.add(Wording.tildePath(key), at: node(key)?.mark)
            return nil
        }
        return PathText.absolute(text, in: folder)
    }

    /// A whole number and one of the units, within the bounds.
    func duration(_ key: String, in bounds: ClosedRange<Duration>) -> Duration? {
        guard let text = text(key) else { return nil }
        switch DurationText.parse(text) {
        case .failure(let fault):
            problems.add(Wording.badDuration(key, text, fault), at: node(key)?.mark)
            return nil
        case .success(let duration):
            guard bounds.contains(duration) else {
                problems.add(Wording.durationOutside(key, text, bounds), at: node(key)?.mark)
                return nil
            }
            return duration
        }
    }

    func integer(_ key: String, in bounds: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int(text), bounds.contains(number)
        else {
            problems.add(Wording.badInteger(key, text, bounds), at: node(key)?.mark)
            return nil
        }
        return number
    }

    /// A share such as `1%` or `0.25%`, from 0% to 100%, in millionths.
    func partsPerMillion(_ key: String) -> Int? {
        guard let text = text(key) else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let isWritten =
            text.last == "%" && (1...2).contains(parts.count)
            && parts.allSatisfy { (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isDigit) }
        let decimals = parts.dropFirst().first ?? "0"
        let padded = decimals + String(repeating: "0", count: max(0, 4 - decimals.utf8.count))
        guard isWritten, let whole = Int(parts[0]), let rest = Int(padded),
            whole * 10_000 + rest <= 1_000_000
        else {
            problems.add(Wording.badShare(key, text), at: node(key)?.mark)
            return nil
        }
        return whole * 10_000 + rest
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    func choice(_ key: String, of choices: [String]) -> String? {
        guard let text = text(key) else { return nil }
        guard choices.contains(text) else {
            problems.add(
                Wording.badChoice(
                    key, text, nearest: NearestName.of(text, among: choices), choices: choices),
                at: node(key)?.mark)
            return nil
        }
        return text
    }

    /// The nodes of a list that has at least one.
    func list(_ key: String, example: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            problems.add(Wording.notAList(key, example: example), at: node.mark)
            return nil
        }
        return Array(sequence)
    }
}
