import Yams

/// The keys that a mapping may have.
struct Vocabulary {
    /// In the order in which messages list them.
    let known: [String]
}

/// One mapping of a file, its keys checked: unknown ones are problems at once.
struct Section {
    /// Where a missing key is reported.
    let mark: Mark?
    /// In the order of the file.
    let entries: [(key: String, keyMark: Mark?, value: Node)]
    let problems: FileProblems
    /// The folder that relative paths belong to.
    let folder: String

    /// Any keys; nil with a problem when the node is no mapping.
    init?(_ node: Node, named name: String, at mark: Mark?, folder: String, problems: FileProblems) {
        guard case .mapping(let mapping) = node else {
            problems.add(Wording.notAMapping(name), at: node.mark)
            return nil
        }
        var entries: [(key: String, keyMark: Mark?, value: Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                problems.add(Wording.keyIsNoText, at: key.mark)
                continue
            }
            entries.append((scalar.string, scalar.mark, value))
        }
        self.entries = entries
        self.mark = mark ?? mapping.mark
        self.problems = problems
        self.folder = folder
    }

    /// Reports every key that is not in the vocabulary.
    func check(_ vocabulary: Vocabulary) {
        for entry in entries where !vocabulary.known.contains(entry.key) {
            problems.add(
                Wording.unknownKey(
                    entry.key, nearest: NearestName.of(entry.key, among: vocabulary.known),
                    known: vocabulary.known),
                at: entry.keyMark)
        }
    }

    func has(_ key: String) -> Bool { node(key) != nil }

    func node(_ key: String) -> Node? { entries.first { $0.key == key }?.value }

    func keyMark(_ key: String) -> Mark? { entries.first { $0.key == key }?.keyMark }

    /// The mapping below a key, its keys checked.
    func section(_ key: String, _ vocabulary: Vocabulary? = nil) -> Section? {
        guard let node = node(key) else { return nil }
        let section = Section(
            node, named: key, at: keyMark(key), folder: folder, problems: problems)
        if let vocabulary { section?.check(vocabulary) }
        return section
    }
}
