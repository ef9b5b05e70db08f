package import Instructions
package import Pacing

/// Settled rows of a run in row order, as they are written on: the texts of all its rows are bytes in one piece of
/// memory, so that a row makes no `String`. Without what no report shows of a row.
package struct SettledPage: Hashable, Sendable {
    /// What a row has besides texts.
    package struct Facts: Hashable, Sendable {
        package let row: Int
        package let outcome: Outcome
        package let howKnown: HowKnown
        package let finishedAt: WallTime
        package let asked: Money?
        package let applied: Money?
        package let remaining: Money?
        package let attempts: Int
        package let httpStatus: Int?

        package init(
            row: Int, outcome: Outcome, howKnown: HowKnown, finishedAt: WallTime, asked: Money?,
            applied: Money?, remaining: Money?, attempts: Int, httpStatus: Int?
        ) {
            self.row = row
            self.outcome = outcome
            self.howKnown = howKnown
            self.finishedAt = finishedAt
            self.asked = asked
            self.applied = applied
            self.remaining = remaining
            self.attempts = attempts
            self.httpStatus = httpStatus
        }
    }

    private static let textsOfRow = 7
    /// Stands for the end of a text that a row does not have.
    private static let missing: Int32 = -1

    private var facts: [Facts] = []
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`, row after row in the order of `SettledRow`.
    private var ends: [Int32] = []

    package init() {}

    package init(_ settlements: [Settlement]) {
        for settlement in settlements { append(settlement) }
    }

    package var count: Int { facts.count }
    package var firstRow: Int? { facts.first?.row }
    package var lastRow: Int? { facts.last?.row }

    /// Makes room for so many rows.
    package mutating func reserve(_ rows: Int) {
        facts.reserveCapacity(rows)
        ends.reserveCapacity(rows * Self.textsOfRow)
    }

    /// Adds a row behind the others; its texts are copied.
    package mutating func append(_ row: SettledRow) {
        append(row.code)
        append(row.message)
        append(row.statusBefore)
        append(row.statusAfter)
        append(row.key)
        append(row.gatewayReference)
        append(row.gatewayCode)
        facts.append(row.facts)
    }

    private mutating func append(_ settlement: Settlement) {
        for text in [
            settlement.code, settlement.message, settlement.statusBefore, settlement.statusAfter,
            settlement.key, settlement.gatewayReference, settlement.gatewayCode,
        ] {
            guard var text else {
                append(nil)
                continue
            }
            text.withUTF8 { append($0) }
        }
        facts.append(
            Facts(
                row: settlement.row, outcome: settlement.outcome, howKnown: settlement.howKnown,
                finishedAt: settlement.finishedAt, asked: settlement.asked, applied: settlement.applied,
                remaining: settlement.remaining, attempts: settlement.attempts,
                httpStatus: settlement.httpStatus))
    }

    /// Few bytes each, so that those of a page stay below 2 GiB.
    @inline(__always)
    private mutating func append(_ text: UnsafeBufferPointer<UInt8>?) {
        guard let text else { return ends.append(Self.missing) }
        bytes.append(contentsOf: text)
        ends.append(Int32(bytes.count))
    }

    /// Lends the rows one after the other.
    package func forEach(_ body: (SettledRow) throws -> Void) rethrows {
        try bytes.withUnsafeBufferPointer { bytes in
            var (start, mark) = (0, 0)
            func text() -> UnsafeBufferPointer<UInt8>? {
                let end = ends[mark]
                mark += 1
                guard end != Self.missing else { return nil }
                defer { start = Int(end) }
                return UnsafeBufferPointer(rebasing: bytes[start..<Int(end)])
            }
            for row in facts {
                try body(
                    SettledRow(
                        facts: row, code: text(), message: text(), statusBefore: text(),
                        statusAfter: text(), key: text(), gatewayReference: text(), gatewayCode: text()))
            }
        }
    }
}

/// A row of a page, lent for the length of a call. Texts are UTF-8.
package struct SettledRow {
    package let facts: SettledPage.Facts
    package let code: UnsafeBufferPointer<UInt8>?
    package let message: UnsafeBufferPointer<UInt8>?
    package let statusBefore: UnsafeBufferPointer<UInt8>?
    package let statusAfter: UnsafeBufferPointer<UInt8>?
    package let key: UnsafeBufferPointer<UInt8>?
    package let gatewayReference: UnsafeBufferPointer<UInt8>?
    package let gatewayCode: UnsafeBufferPointer<UInt8>?

    package init(
        facts: SettledPage.Facts, code: UnsafeBufferPointer<UInt8>?, message: UnsafeBufferPointer<UInt8>?,
        statusBefore: UnsafeBufferPointer<UInt8>?, statusAfter: UnsafeBufferPointer<UInt8>?,
        key: UnsafeBufferPointer<UInt8>?, gatewayReference: UnsafeBufferPointer<UInt8>?,
        gatewayCode: UnsafeBufferPointer<UInt8>?
    ) {
        self.facts = facts
        self.code = code
        self.message = message
        self.statusBefore = statusBefore
        self.statusAfter = statusAfter
        self.key = key
        self.gatewayReference = gatewayReference
        self.gatewayCode = gatewayCode
    }
}
