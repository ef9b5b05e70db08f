import Instructions
import Runs

/// What a page says first: how it went, in one sentence, and how grave that is.
struct Verdict: Equatable {
    enum Grade: String {
        case good, partly, grave, stopped
    }

    let grade: Grade
    let headline: String
    let detail: String

    init(_ summary: Summary) {
        let counts = summary.counts
        func rows(_ outcomes: Outcome...) -> Int { outcomes.reduce(0) { $0 + counts[$1, default: 0] } }
        let all = summary.run.rows
        let done = rows(.applied, .alreadyApplied)
        let unconfirmed = rows(.unconfirmed)
        if summary.isRefused {
            self.init(
                .stopped, "The file was refused; nothing was sent",
                "\(Self.errors(summary)) Mend what is listed below, then hand it in again.")
        } else if unconfirmed > 0 {
            let are = unconfirmed == 1 ? "is" : "are"
            self.init(
                .grave, "\(HTMLText.count(unconfirmed, "row")) \(are) not confirmed",
                "\(unconfirmed == 1 ? "It" : "They") may have taken effect. A person must look "
                    + "before anything is handed in again.")
        } else if summary.run.state == .abandoned {
            self.init(
                .stopped, "The run was abandoned",
                "\(HTMLText.number(done)) of \(HTMLText.count(all, "row")) done, "
                    + "\(HTMLText.number(rows(.notSent))) not sent.")
        } else if done == all {
            let earlier = rows(.alreadyApplied)
            self.init(
                .good, all == 1 ? "The row is done" : "All \(HTMLText.count(all, "row")) are done",
                earlier == 0
                    ? "Every instruction took effect in this run."
                    : "\(HTMLText.number(earlier)) of them \(earlier == 1 ? "was" : "were") done before; "
                        + "nothing was sent for \(earlier == 1 ? "it" : "them").")
        } else {
            let open = all - done
            self.init(
                .partly,
                "\(HTMLText.number(open)) of \(HTMLText.count(all, "row")) "
                    + "\(open == 1 ? "was" : "were") not done",
                "\(open == 1 ? "It is" : "They are") known not to have taken effect; "
                    + "the other \(HTMLText.number(done)) \(done == 1 ? "is" : "are") done.")
        }
    }

    private init(_ grade: Grade, _ headline: String, _ detail: String) {
        self.grade = grade
        self.headline = headline
        self.detail = detail
    }

    private static func errors(_ summary: Summary) -> String {
        guard let problems = summary.findings?.problems else { return "" }
        let errors = problems.errorCount
        return "It has \(HTMLText.count(errors, "error"))."
    }
}
