#if MUTANTS
import Runs
#endif

/// `Simulation [--seeds N] [--first SEED] [--seed SEED]`.
struct Options {
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    /// How many seeds, from `first` on.
    var seeds = 500
    var first: UInt64 = 1
    /// One seed, with its events.
    var seed: UInt64?
    #if MUTANTS
    var mutant: PlantedBug?
    var listsMutants = false
    #endif

    init(_ arguments: some Sequence<String>) throws(Mistake) {
        var words = Array(arguments)
        while !words.isEmpty {
            let name = words.removeFirst()
            guard let value = words.first else { throw Mistake(description: "\(name) needs a value") }
            words.removeFirst()
            switch name {
            case "--seeds":
                guard let number = Int(value), number > 0 else {
                    throw Mistake(description: "--seeds needs a positive number")
                }
                seeds = number
            case "--first": first = try Self.seed(value)
            case "--seed": seed = try Self.seed(value)
            #if MUTANTS
            case "--mutant": mutant = try Self.bug(value)
            case "--list": listsMutants = true
            #endif
            default:
                throw Mistake(description: "unknown option \(name); there are --seeds, --first and --seed")
            }
        }
    }

    #if MUTANTS
    private static func bug(_ name: String) throws(Mistake) -> PlantedBug {
        guard let bug = PlantedBug(rawValue: name) else { throw Mistake(description: "no bug \(name)") }
        return bug
    }
    #endif

    private static func seed(_ text: String) throws(Mistake) -> UInt64 {
        guard let seed = UInt64(text) else { throw Mistake(description: "a seed is a number from 0 on") }
        return seed
    }
}
