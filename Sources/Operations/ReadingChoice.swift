package import Instructions

/// What the command line says of how a file is to be read; nil where it says nothing.
package struct ReadingChoice: Hashable, Sendable {
    package var encoding: ReadOptions.Encoding?
    package var decimal: ReadOptions.DecimalMark?
    package var delimiter: ReadOptions.Delimiter?

    package init(
        encoding: ReadOptions.Encoding? = nil, decimal: ReadOptions.DecimalMark? = nil,
        delimiter: ReadOptions.Delimiter? = nil
    ) {
        self.encoding = encoding
        self.decimal = decimal
        self.delimiter = delimiter
    }

    /// A job's options, overruled.
    func applied(to options: ReadOptions) -> ReadOptions {
        var options = options
        if let encoding { options.encoding = encoding }
        if let decimal { options.decimal = decimal }
        if let delimiter { options.delimiter = delimiter }
        return options
    }
}
