/// What only whole columns tell of a file. Given to a second reading, it finds the cells.
package struct ColumnDamage: Hashable, Sendable {
    /// How many of the long numbers among the intent ids are rounded, when that is no chance.
    var roundedIDs: Share?
    /// The width that shorter numbers of the columns lost zeros of.
    var idWidth: Int?
    var referenceWidth: Int?
    /// By their place in the file.
    var cardColumns: Set<Int> = []

    struct Share: Hashable, Sendable {
        let part: Int
        let whole: Int
    }

    package init() {}

    package var isNone: Bool { self == ColumnDamage() }
}
