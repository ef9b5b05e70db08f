import Glibc

extension MangopayRules {
    /// Reads intents, one JSON object a line, in Mangopay's own wire format. Blank lines are passed over.
    static func loadIntents(path: String) throws -> [String: MangopayIntent] {
        guard let file = OwnedDescriptor(opening: path, O_RDONLY) else {
            throw SandboxError.cannotUse(.intents, "open the intents file", path, reason: systemReason())
        }
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
        var intents: [String: MangopayIntent] = [:]
        var references: Set<String> = []
        func take(_ line: [UInt8], _ number: Int) throws {
            if line.allSatisfy(blanks.contains) { return }
            let intent: MangopayIntent
            do {
                intent = try MangopayIntent(line: line)
            } catch {
                throw SandboxError.badIntent(
                    file: path, line: number, "\(error.field) \(error.what).")
            }
            guard intents.updateValue(intent, forKey: intent.id) == nil else {
                throw SandboxError.badIntent(
                    file: path, line: number, "the Id \(intent.id) has been given on an earlier line.")
            }
            // It identifies the intent: a creation with it adds line items.
            if let reference = intent.providerReference, !references.insert(reference).inserted {
                throw SandboxError.badIntent(
                    file: path, line: number,
                    "the ExternalProviderReference \(reference) has been given on an earlier line.")
            }
        }
        let reading = try LineReader.read(file, path: path, failure: .intents, take)
        if !reading.tail.isEmpty { try take(reading.tail, reading.lines + 1) }
        return intents
    }
}
