import Testing

@testable import Settings

@Suite struct SearchTests {
    private func locate(
        explicit: String? = nil, _ environment: [String: String] = [:], job: String? = nil,
        existing: Set<String>
    ) -> ConfigurationSearch.Place? {
        ConfigurationSearch.locate(
            explicit: explicit, environment: environment, jobPath: job, workingDirectory: "/srv/dir",
            fileExists: existing.contains)
    }

    @Test("The places come in the contract's order: taking away the first leaves the next")
    func order() {
        let environment = ["HOME": "/home/ann", "XDG_CONFIG_HOME": "/home/ann/cfg"]
        let inOrder = [
            ("/srv/jobs/night/intentbatch.yaml", "beside the job file"),
            ("/srv/jobs/intentbatch.yaml", "one folder above the job file"),
            ("/srv/dir/intentbatch.yaml", "in the working directory"),
            ("/home/ann/cfg/intentbatch/intentbatch.yaml", "in $XDG_CONFIG_HOME/intentbatch"),
            ("/etc/intentbatch/intentbatch.yaml", "in /etc/intentbatch"),
        ]
        for first in inOrder.indices {
            let place = locate(
                environment, job: "/srv/jobs/night/j.yaml", existing: Set(inOrder[first...].map(\.0)))
            #expect(place == .init(path: inOrder[first].0, reason: inOrder[first].1))
        }
        #expect(locate(environment, job: "/srv/jobs/night/j.yaml", existing: []) == nil)
    }

    @Test("A named configuration is taken without a look, the option before the variable")
    func named() {
        let environment = ["INTENTBATCH_CONFIG": "e.yaml"]
        let all: Set = ["/srv/dir/intentbatch.yaml"]
        #expect(
            locate(explicit: "./o.yaml", environment, existing: all)
                == .init(path: "/srv/dir/o.yaml", reason: "--config"))
        #expect(
            locate(environment, existing: all)
                == .init(path: "/srv/dir/e.yaml", reason: "$INTENTBATCH_CONFIG"))
        #expect(
            locate(["INTENTBATCH_CONFIG": ""], existing: all)?.reason == "in the working directory")
    }

    @Test("Without $XDG_CONFIG_HOME, or with a relative one, ~/.config is looked into")
    func home() {
        let path = "/home/ann/.config/intentbatch/intentbatch.yaml"
        let expected = ConfigurationSearch.Place(path: path, reason: "in ~/.config/intentbatch")
        #expect(locate(["HOME": "/home/ann"], existing: [path]) == expected)
        #expect(locate(["HOME": "/home/ann", "XDG_CONFIG_HOME": "x"], existing: [path]) == expected)
        #expect(locate([:], existing: [path]) == nil)
    }

    @Test("A job in the working directory is looked beside only once")
    func once() {
        let places = ConfigurationSearch.usualPlaces(
            environment: [:], jobPath: "j.yaml", workingDirectory: "/a")
        #expect(
            places.map(\.path) == [
                "/a/intentbatch.yaml", "/intentbatch.yaml", "/etc/intentbatch/intentbatch.yaml",
            ])
    }

    @Test("The state directory comes from the first of its sources")
    func state() throws {
        let file = try ConfigurationFile.parse(configuration(), path: "/etc/c.yaml", profiles: profiles)
        var environment = [
            "INTENTBATCH_STATE": "/env", "STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "XDG_STATE_HOME": "/xdg",
            "HOME": "/home/ann",
        ]
        func place(_ explicit: String?, _ file: ConfigurationFile?) -> String? {
            ConfigurationSearch.stateDirectory(
                explicit: explicit, environment: environment, configuration: file, workingDirectory: "/w"
            ).map { "\($0.path) \($0.reason)" }
        }
        #expect(place("s", file) == "/w/s --state")
        #expect(place(nil, file) == "/env $INTENTBATCH_STATE")
        environment["INTENTBATCH_STATE"] = nil
        #expect(place(nil, file) == "/etc/var/state state: in /etc/c.yaml")
        #expect(place(nil, nil) == "/var/lib/a $STATE_DIRECTORY")
        environment["STATE_DIRECTORY"] = nil
        #expect(place(nil, nil) == "/xdg/intentbatch $XDG_STATE_HOME/intentbatch")
        environment["XDG_STATE_HOME"] = nil
        #expect(place(nil, nil) == "/home/ann/.local/state/intentbatch ~/.local/state/intentbatch")
        environment["HOME"] = nil
        #expect(place(nil, nil) == nil)
    }
}
