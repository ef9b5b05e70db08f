/// Text from outside made fit for reports and logs.
enum SafeText {
    /// Longer texts are cut.
    static let longestCharacters = 300

    /// One line of at most `longestCharacters`, without control characters and without the secrets.
    static func forPeople(_ text: String, hiding secrets: [String] = []) -> String {
        var text = text
        for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: "[hidden]") }
        var line = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        guard line.count > longestCharacters else { return line }
        return line.prefix(longestCharacters - 1) + "…"
    }
}
