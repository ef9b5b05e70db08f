/// Who asks for an operation: a person or a scheduler. Kept with the run.
package struct Requester: Sendable {
    /// `user@host`, or what `--by` said.
    package let name: String
    /// What `--note` said.
    package let note: String?

    package init(name: String, note: String?) {
        self.name = name
        self.note = note
    }
}
