/// The access token of the calls to come, shared by all of a client's calls. When it is fetched is the
/// machine's to decide; here the newest one replaces the one before. Dumping it does not show it.
actor MangopayToken: CustomReflectable {
    /// nil until the first was fetched.
    private(set) var value: String?

    func replace(with token: String) { value = token }

    nonisolated var customMirror: Mirror { Mirror(self, children: [:]) }
}
