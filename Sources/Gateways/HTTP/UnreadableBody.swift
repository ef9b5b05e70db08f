/// Why a body is not what was asked for.
struct UnreadableBody: Error, Equatable {
    /// For people.
    let why: String
}
