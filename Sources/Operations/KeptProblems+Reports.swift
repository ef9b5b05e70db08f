import Intake
import Reports

extension KeptProblems: ProblemReader {}
