/// What every implementation of a seam must do, in a sentence, with the check of it on a fresh subject.
package struct ConformanceRule<Subject: Sendable>: Sendable, CustomStringConvertible {
    package let sentence: String
    let check: @Sendable (Subject, inout Findings) async throws -> Void

    package var description: String { sentence }

    /// Empty when the subject keeps the rule.
    package func findings(in subject: Subject) async -> [String] {
        var findings = Findings()
        do {
            try await check(subject, &findings)
        } catch {
            return findings.list + ["threw \(error)"]
        }
        return findings.list
    }
}
