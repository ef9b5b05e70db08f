import ArgumentParser
import Instructions
import Intake
import Testing

@testable import Command

@Suite("The command line")
struct CommandLineTests {
    @Test("a word for the shell comes back as one argument")
    func quoting() {
        #expect(shellQuoted("reports/a-b_c.csv") == "reports/a-b_c.csv")
        #expect(shellQuoted("my file.csv") == "'my file.csv'")
        #expect(shellQuoted("it's") == "'it'\\''s'")
        #expect(shellQuoted("$(rm)") == "'$(rm)'")
        #expect(shellQuoted("") == "''")
    }

    @Test(
        "what the contract refuses is refused with usage",
        arguments: [
            ["run"], ["run", "a.csv", "job.yaml"], ["run", "a.csv", "--force"], ["resume", "x", "--all"],
            ["sandbox", "generate", "--gateway", "useepay", "--rows", "0", "--seed", "1", "--out", "x"],
            ["run", "a.csv", "--output", "xml"], ["check"], ["nonsense"],
        ])
    func usage(arguments: [String]) {
        #expect {
            _ = try IntentBatchCommand.parseAsRoot(arguments)
        } throws: { error in
            IntentBatchCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test("a problem is printed with file, line, row, column, code, value and mend")
    func problemLine() {
        let problem = Problem(
            code: "amount_invalid", row: 4, line: 5, column: "Amount", value: "12,50",
            message: "This is no amount.", mend: "Write figures.")
        #expect(
            ProblemText.line(problem, file: "in.csv")
                == "in.csv:5: row 4, column Amount: error amount_invalid: This is no amount. "
                + "Value: \"12,50\". Mend: Write figures.")
        let ofFile = Problem(code: "file_empty", message: "Empty.", mend: "Hand in another.")
        #expect(
            ProblemText.line(ofFile, file: "in.csv")
                == "in.csv: error file_empty: Empty. Mend: Hand in another.")
    }

    @Test("only y and yes are a yes")
    func answers() {
        for yes in ["y", "yes", "YES", " yes\r"] { #expect(TerminalQuestion.isYes(yes), "\(yes)") }
        for no in ["", "n", "no", "yess", "ja", "yes no"] { #expect(!TerminalQuestion.isYes(no), "\(no)") }
    }

    @Test("the options given are part of the next command")
    func placeOptions() throws {
        let parsed = try IntentBatchCommand.parseAsRoot([
            "resume", "--config", "my conf.yaml", "--state", "/s",
        ])
        let command = try #require(parsed as? ResumeCommand)
        #expect(command.place.asTyped == " --config 'my conf.yaml' --state /s")
    }
}
