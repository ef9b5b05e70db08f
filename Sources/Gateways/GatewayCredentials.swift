/// The credentials of an account under the names of the configuration (`merchant-no`, `api-key`, …).
/// Printing, interpolating or dumping one shows the names only.
package struct GatewayCredentials: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String]) { self.values = values }

    /// A value fit for a header: not empty, visible ASCII only.
    ///
    /// - Throws: `credential_missing` or `credential_invalid`, naming the key and never the value.
    func value(_ key: String) throws(GatewaySetupError) -> String {
        guard let value = values[key], !value.isEmpty else { throw .missingCredential(key) }
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .unusableCredential(key) }
        return value
    }
}

extension GatewayCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "GatewayCredentials(\(values.keys.sorted().joined(separator: ", ")))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
