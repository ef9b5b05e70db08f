/// Steele, Lea and Flood's generator (OOPSLA 2014): the same seed gives the same numbers on every machine and
/// in every release, which `SystemRandomNumberGenerator` does not promise.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Evenly enough for rehearsals: the bias is below `bound` / 2^64. Own arithmetic, because how
    /// `Int.random(in:using:)` consumes a generator may change between releases of Swift.
    mutating func number(below bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }
}
