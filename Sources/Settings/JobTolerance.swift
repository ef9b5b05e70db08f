/// A job's `tolerate: { rejected, declined }`: shares of the rows, in millionths (`1%` is 10,000), within which the
/// exit code is 0. What is not written is not tolerated.
package struct JobTolerance: Hashable, Sendable {
    package let rejectedPartsPerMillion: Int
    package let declinedPartsPerMillion: Int

    init(_ job: Section) {
        let section = job.section("tolerate", Vocabulary(known: ["rejected", "declined"]))
        rejectedPartsPerMillion = section?.partsPerMillion("rejected") ?? 0
        declinedPartsPerMillion = section?.partsPerMillion("declined") ?? 0
    }
}
