import Glibc

#if MUTANTS
import Runs
#endif

/// Runs seeds of `RunMachine` on virtual time: `make sim [SEEDS=…] [SEED=…]`.
@main
struct Simulation {
    static func main() async {
        let options: Options
        do {
            options = try Options(CommandLine.arguments.dropFirst())
        } catch {
            print(error)
            exit(64)
        }
        #if MUTANTS
        if options.listsMutants {
            for bug in PlantedBug.allCases { print(bug.rawValue) }
            exit(0)
        }
        PlantedBug.planted = options.mutant
        #endif
        CrashNotice.install()
        if let seed = options.seed {
            exit(Replay.run(seed: seed) ? 0 : 1)
        }
        exit(await Batches.run(options) ? 0 : 1)
    }
}
