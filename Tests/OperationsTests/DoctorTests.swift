import Pacing
import Runs
import Testing

@testable import Operations

@Suite("The doctor")
struct DoctorTests {
    @Test("a clock behind what a run wrote is an error")
    func clock() {
        let doctor = StateDoctor(StateLayout(directory: "/s"))
        let noon = WallTime(seconds: 1_795_132_800)
        #expect(doctor.clock(newest: noon, now: noon).status == .ok)
        #expect(doctor.clock(newest: WallTime(milliseconds: 0), now: noon).status == .ok)
        let behind = doctor.clock(newest: noon, now: noon.advanced(by: .seconds(-1)))
        #expect(behind.status == .error && behind.exitCode == .configuration)
        #expect(behind.mend?.contains("timedatectl") == true)
    }

    @Test("what a gateway answers says what is wrong")
    func gateway() {
        let cases: [(Answer.Kind, DoctorFinding.Status, ExitCode)] = [
            (.notFound, .ok, .success), (.token(lifetime: .seconds(1)), .ok, .success),
            (.throttled(nil), .warning, .success), (.unauthorized, .error, .stoppedItself),
            (.credentialsRefused, .error, .stoppedItself), (.notSent, .error, .stoppedItself),
            (.ambiguous, .error, .stoppedItself),
        ]
        for (kind, status, code) in cases {
            let finding = AccountDoctor.finding(
                "gateway", Answer(kind, httpStatus: 418), host: "h", milliseconds: 3)
            #expect(finding.status == status && finding.exitCode == code, "\(kind)")
            #expect((finding.mend == nil) == (status == .ok))
        }
    }
}
