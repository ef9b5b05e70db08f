/// Finds the known name that a mistyped one most likely stands for.
enum NearestName {
    /// The nearest of `names`, or nil when none is near: at most one edit in three letters, three at most.
    /// Case and `_` for `-` cost nothing. Equally near names: the first one.
    static func of(_ word: String, among names: [String]) -> String? {
        let letters = folded(word)
        let bound = min(3, max(1, letters.count / 3))
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = edits(letters, folded(name))
            if distance <= bound, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    ///
    ///     acount → account 1    acounts → account 2    teh → the 1    max → min 2
    static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1] + [Int](repeating: 0, count: right.count)
            for j in right.indices {
                let replacement = last[j] + (left[i] == right[j] ? 0 : 1)
                current[j + 1] = min(replacement, last[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    current[j + 1] = min(current[j + 1], beforeLast[j - 1] + 1)
                }
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }

    /// At most 64 characters, so that an absurd name costs nothing.
    private static func folded(_ name: String) -> [Character] {
        name.prefix(64).lowercased().map { $0 == "_" ? "-" : $0 }
    }
}
