/// Why a trial could not be made; not a finding about intentbatch.
package struct TrialError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
