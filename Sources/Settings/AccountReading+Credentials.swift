import Yams

extension AccountReading {
    /// Nothing of a credential's value is ever put into a message.
    func credentials(_ gateway: String) -> [String: Credential] {
        guard let needs = GatewayRequirements.byGateway[gateway] else {
            preconditionFailure("no requirements for gateway \(gateway): add it to GatewayRequirements")
        }
        guard section.has("credentials") else {
            section.problems.add(
                Wording.missing("credentials", Wording.credentialsNeeded(needs.credentials)),
                at: section.mark)
            return [:]
        }
        guard let section = section.section("credentials", Vocabulary(known: needs.credentials)) else {
            return [:]
        }
        var credentials: [String: Credential] = [:]
        for name in needs.credentials {
            if let node = section.node(name) {
                credentials[name] = credential(
                    name, node: node, isSecret: needs.secrets.contains(name), in: section)
            } else {
                section.problems.add(
                    Wording.missing(name, Wording.credentialsNeeded(needs.credentials)), at: section.mark)
            }
        }
        return credentials
    }

    private func credential(
        _ name: String, node: Node, isSecret: Bool, in section: Section
    ) -> Credential? {
        if case .mapping = node { return credentialSource(name, in: section) }
        guard let text = section.text(of: node, key: name) else { return nil }
        guard !isSecret else {
            section.problems.add(Wording.plainSecret(name), at: node.mark)
            return nil
        }
        guard Credential.isHeaderText(text), text.utf8.count <= 256 else {
            section.problems.add(Wording.badCredentialText(name), at: node.mark)
            return nil
        }
        return .text(text)
    }

    /// `{ env: NAME }` or `{ file: PATH }`.
    private func credentialSource(_ name: String, in section: Section) -> Credential? {
        guard let source = section.section(name, Vocabulary(known: ["env", "file"])) else { return nil }
        guard source.has("env") != source.has("file") else {
            source.problems.add(Wording.oneSource(name), at: source.mark)
            return nil
        }
        if source.has("file") { return source.path("file").map(Credential.file) }
        guard let variable = source.text("env") else { return nil }
        let bytes = Array(variable.utf8)
        let isName =
            bytes.allSatisfy { byte in
                (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
                    || byte == UInt8(ascii: "_")
            } && !(bytes.first.map { $0 >= 48 && $0 <= 57 } ?? true)
        // UseePay's keys start UseePay_SK_ and would pass for a name (gateways: useepay, section 2).
        guard isName, !variable.lowercased().hasPrefix("useepay_sk_") else {
            source.problems.add(Wording.badVariable(name), at: source.node("env")?.mark)
            return nil
        }
        return .environment(variable)
    }
}
