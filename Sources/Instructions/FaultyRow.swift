/// A row that a rule of the file says no to, as far as it can be read.
public struct FaultyRow: Hashable, Sendable {
    /// The record's number in its file, from 1, the header not counted.
    public let row: Int
    /// The line of the file where the record starts, from 1.
    public let line: Int
    public var action: Action?
    public var intentID: String?
    public var requested: RequestedAmount?
    public var reference: String?

    public init(row: Int, line: Int) {
        self.row = row
        self.line = line
    }

    /// A row that reads well and is at fault for what stands elsewhere in its file.
    public init(_ instruction: Instruction) {
        row = instruction.row
        line = instruction.line
        action = instruction.action
        intentID = instruction.intentID
        requested = instruction.requested
        reference = instruction.reference
    }
}
