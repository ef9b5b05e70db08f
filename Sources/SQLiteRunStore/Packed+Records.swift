import Instructions

extension PackedFields {
    static func packed(_ lines: [LineAmount]) -> [UInt8]? {
        guard !lines.isEmpty else { return nil }
        var fields = PackedFields()
        fields.add(lines)
        return fields.bytes
    }

    static func packed(_ data: ExternalData) -> [UInt8] {
        var fields = PackedFields()
        fields.add(data.processingDate)
        fields.add(data.providerReference)
        fields.add(data.merchantReference)
        fields.add(data.providerName)
        fields.add(data.providerPaymentMethod)
        return fields.bytes
    }

    static func packed(_ intent: PaymentIntent) -> [UInt8] {
        var fields = PackedFields()
        fields.add(intent.id)
        fields.add(intent.status)
        fields.add(intent.amount.minorUnits)
        fields.add(intent.amount.currency.code)
        fields.add(intent.captured)
        fields.add(intent.cancelled)
        fields.add(intent.cancellationReason)
        fields.add(Int64(intent.lines.count))
        for line in intent.lines {
            fields.add(line.id)
            fields.add(line.total)
            fields.add(line.captured)
            fields.add(line.cancelled)
        }
        fields.add(Int64(intent.captures.count))
        for capture in intent.captures {
            fields.add(capture.id)
            fields.add(capture.minorUnits)
            fields.add(capture.lines)
        }
        fields.add(intent.gatewayReference)
        return fields.bytes
    }
}

extension PackedReader {
    static func lines(_ bytes: [UInt8]?) throws(PackedFault) -> [LineAmount] {
        guard let bytes else { return [] }
        var reader = PackedReader(bytes)
        let lines = try reader.lines()
        try reader.end()
        return lines
    }

    static func externalData(_ bytes: [UInt8]) throws(PackedFault) -> ExternalData {
        var reader = PackedReader(bytes)
        var data = ExternalData(processingDate: try reader.number())
        data.providerReference = try reader.optionalText()
        data.merchantReference = try reader.optionalText()
        data.providerName = try reader.optionalText()
        data.providerPaymentMethod = try reader.optionalText()
        try reader.end()
        return data
    }

    static func intent(_ bytes: [UInt8]) throws(PackedFault) -> PaymentIntent {
        var reader = PackedReader(bytes)
        let id = try reader.text()
        let status = try reader.text()
        let minorUnits = try reader.number()
        guard let currency = Currency(code: try reader.text()) else { throw PackedFault(offset: 0) }
        var intent = PaymentIntent(
            id: id, status: status, amount: Money(minorUnits: minorUnits, currency: currency))
        intent.captured = try reader.optionalNumber()
        intent.cancelled = try reader.optionalNumber()
        intent.cancellationReason = try reader.optionalText()
        for _ in 0..<(try reader.count()) { intent.lines.append(try reader.lineItem()) }
        for _ in 0..<(try reader.count()) {
            let id = try reader.text()
            let minorUnits = try reader.number()
            intent.captures.append(.init(id: id, minorUnits: minorUnits, lines: try reader.lines()))
        }
        intent.gatewayReference = try reader.optionalText()
        try reader.end()
        return intent
    }

    private mutating func lineItem() throws(PackedFault) -> PaymentIntent.LineItem {
        let id = try text()
        let total = try number()
        let captured = try number()
        return PaymentIntent.LineItem(id: id, total: total, captured: captured, cancelled: try number())
    }
}
