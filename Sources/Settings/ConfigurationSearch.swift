/// Where the configuration and the state directory are: the contract's order, section 2.
///
/// Pure: the environment, the working directory and the look at the disk are the caller's.
package enum ConfigurationSearch {
    /// A path and how it was come by, for the log line that says which.
    package struct Place: Hashable, Sendable {
        /// Absolute.
        package let path: String
        /// `--config`, `beside the job file`, …
        package let reason: String

        package init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// The configuration to read; nil when there is none in any place. `--config` and `$INTENTBATCH_CONFIG`
    /// are taken without a look, so that a mistyped one is an error and never another file.
    package static func locate(
        explicit: String?, environment: [String: String], jobPath: String?, workingDirectory: String,
        fileExists: (String) -> Bool
    ) -> Place? {
        if let named = named(explicit, environment, workingDirectory) { return named }
        return usualPlaces(environment: environment, jobPath: jobPath, workingDirectory: workingDirectory)
            .first { fileExists($0.path) }
    }

    private static func named(
        _ explicit: String?, _ environment: [String: String], _ workingDirectory: String
    ) -> Place? {
        if let explicit {
            return Place(path: PathText.absolute(explicit, in: workingDirectory), reason: "--config")
        }
        guard let path = value("INTENTBATCH_CONFIG", environment) else { return nil }
        return Place(path: PathText.absolute(path, in: workingDirectory), reason: "$INTENTBATCH_CONFIG")
    }

    /// The places that are looked into, in order; also for the message that none has one.
    package static func usualPlaces(
        environment: [String: String], jobPath: String?, workingDirectory: String
    ) -> [Place] {
        var places: [Place] = []
        func add(_ folder: String, _ reason: String) {
            let path = PathText.absolute(ConfigurationFile.usualName, in: folder)
            if !places.contains(where: { $0.path == path }) {
                places.append(Place(path: path, reason: reason))
            }
        }
        if let jobPath {
            let folder = PathText.folder(of: PathText.absolute(jobPath, in: workingDirectory))
            add(folder, "beside the job file")
            add(PathText.folder(of: folder), "one folder above the job file")
        }
        add(workingDirectory, "in the working directory")
        if let folder = folder("XDG_CONFIG_HOME", fallback: ".config", environment) {
            add(folder.path + "/intentbatch", "in \(folder.reason)/intentbatch")
        }
        add("/etc/intentbatch", "in /etc/intentbatch")
        return places
    }

    /// The state directory; nil only when nothing names one and there is no home directory.
    package static func stateDirectory(
        explicit: String?, environment: [String: String], configuration: ConfigurationFile?,
        workingDirectory: String
    ) -> Place? {
        if let explicit {
            return Place(path: PathText.absolute(explicit, in: workingDirectory), reason: "--state")
        }
        if let path = value("INTENTBATCH_STATE", environment) {
            return Place(path: PathText.absolute(path, in: workingDirectory), reason: "$INTENTBATCH_STATE")
        }
        if let configuration, let path = configuration.state {
            return Place(path: path, reason: "state: in \(configuration.path)")
        }
        // systemd.exec(5): several state directories come separated by colons.
        if let first = value("STATE_DIRECTORY", environment)?.split(separator: ":").first {
            return Place(
                path: PathText.absolute(String(first), in: workingDirectory), reason: "$STATE_DIRECTORY")
        }
        return folder("XDG_STATE_HOME", fallback: ".local/state", environment).map { folder in
            Place(path: folder.path + "/intentbatch", reason: "\(folder.reason)/intentbatch")
        }
    }

    /// XDG base directories must be absolute; a relative one is ignored (XDG Base Directory Specification).
    private static func folder(
        _ variable: String, fallback: String, _ environment: [String: String]
    ) -> Place? {
        if let path = value(variable, environment), path.hasPrefix("/") {
            return Place(path: PathText.absolute(path, in: "/"), reason: "$" + variable)
        }
        guard let home = value("HOME", environment), home.hasPrefix("/") else { return nil }
        return Place(path: PathText.absolute(fallback, in: home), reason: "~/" + fallback)
    }

    private static func value(_ variable: String, _ environment: [String: String]) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
}
