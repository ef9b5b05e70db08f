import JSON

/// What is wrong with an intent or a line item that was handed in: in a file, or in the body of a creation.
struct MangopayMistake: Error, Equatable {
    /// The field's name on the wire.
    var field: String
    /// To follow the field's name.
    var what: String

    init(_ field: String, _ what: String) {
        self.field = field
        self.what = what
    }
}

extension MangopayIntent {
    /// 2026-01-01T00:00:00Z, where a file gives no date.
    private static let defaultDate: Int64 = 1_767_225_600

    /// One line of an intents file, in Mangopay's own wire format: what GET answers can be loaded again.
    ///
    /// Only `Id` is needed. An intent without line items has one with the whole amount (100.00 EUR where that
    /// is not given either). Line amounts that are not given follow from the status. Both spellings of
    /// cancelled are taken. The amounts must agree with each other and with the status.
    init(line bytes: [UInt8]) throws(MangopayMistake) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw MangopayMistake("The line", "is not JSON at byte \(error.offset): \(error.message)")
        }
        guard let object = value.object else { throw MangopayMistake("The line", "is not a JSON object") }
        if let key = object.duplicateKeys.first { throw MangopayMistake(key, "is given twice") }
        try self.init(object: MangopayFields(object))
    }

    init(object given: MangopayFields) throws(MangopayMistake) {
        guard let id = try given.text("Id"), 1...128 ~= id.utf8.count else {
            throw MangopayMistake("Id", "must be a string of 1 to 128 bytes")
        }
        let statusText = try given.text("Status") ?? MangopayStatus.authorized.rawValue
        guard let status = MangopayStatus(wire: statusText) else {
            let known = MangopayStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw MangopayMistake("Status", "\(statusText) is unknown; known are \(known), CANCELED")
        }
        self.id = id
        self.status = status
        currency = try given.currency() ?? "EUR"
        createdAt = try given.integer("CreationDate") ?? Self.defaultDate
        executedAt = try given.integer("ExecutionDate") ?? createdAt
        externalData =
            try given.object("ExternalData")
            ?? JSONObject([
                "ExternalProcessingDate": .minor(createdAt),
                "ExternalProviderReference": .string("auth-" + id),
                "ExternalProviderName": "Stripe",
            ])
        buyer = given["Buyer"] ?? .null
        lines = try Self.lines(given, id: id, status: status)
        captures = []
        platformFees = 0
        others = JSONObject(
            given.object.members.filter { !Self.keptApart.contains($0.key) && !$0.value.isNull })
        captures = try Self.captures(given, lines, id: id, at: executedAt)
        platformFees = try Self.platformFees(given, lines)
        try check(amount: try given.integer("Amount"))
    }

    private static func lines(
        _ given: MangopayFields, id: String, status: MangopayStatus
    ) throws(MangopayMistake) -> [MangopayLine] {
        guard let items = try given.objects("LineItems"), !items.isEmpty else {
            let whole = JSONObject(["TotalLineItemAmount": .minor(try given.integer("Amount") ?? 10_000)])
            let own = MangopayID.derived(from: id, "int_li_")
            return [try MangopayLine(MangopayFields(whole), id: own, status: status)]
        }
        var lines: [MangopayLine] = []
        for (index, item) in items.enumerated() {
            let own = try item.text("Id") ?? MangopayID.derived(from: "\(id) \(index)", "int_li_")
            guard !lines.contains(where: { $0.id == own }) else {
                throw MangopayMistake("LineItems", "have the Id \(own) twice")
            }
            lines.append(try MangopayLine(item, id: own, status: status))
        }
        return lines
    }

    private static func captures(
        _ given: MangopayFields, _ lines: [MangopayLine], id: String, at: Int64
    ) throws(MangopayMistake) -> [MangopayCapture] {
        let listed = try given.objects("Captures") ?? []
        guard !listed.isEmpty else {
            let parts = lines.filter { $0.captured > 0 }.map { MangopayPart(id: $0.id, amount: $0.captured) }
            let own = MangopayID.derived(from: id, "int_capture_")
            return parts.isEmpty ? [] : [MangopayCapture(id: own, parts: parts, at: at)]
        }
        var captures: [MangopayCapture] = []
        for capture in listed {
            guard let own = try capture.text("Id") else {
                throw MangopayMistake("Captures", "need an Id each")
            }
            var parts: [MangopayPart] = []
            for item in try capture.objects("LineItems") ?? [] {
                guard let id = try item.text("Id"),
                    let amount = try item.integer("Amount", or: "CapturedAmount"),
                    1...Int64(1) << 53 ~= amount
                else { throw MangopayMistake("Captures", "need line items with Id and Amount") }
                parts.append(MangopayPart(id: id, amount: amount))
            }
            captures.append(
                MangopayCapture(id: own, parts: parts, at: try capture.integer("ExecutionDate") ?? at))
        }
        for line in lines {
            let parts = captures.flatMap(\.parts).filter { $0.id == line.id }
            guard parts.reduce(0, { $0 + $1.amount }) == line.captured else {
                throw MangopayMistake("Captures", "do not add up to the CapturedAmount of \(line.id)")
            }
        }
        return captures
    }

    /// The invariant of section 5: the platform's fees are those of the sellers added up.
    static func platformFees(
        _ given: MangopayFields, _ lines: [MangopayLine]
    ) throws(MangopayMistake) -> Int64 {
        var sum: Int64 = 0
        for line in lines {
            let fees = line.others["Seller"]?["FeesAmount"]?.int64 ?? 0
            let (next, overflow) = sum.addingReportingOverflow(fees)
            guard !overflow, fees >= 0 else { throw MangopayMistake("LineItems", "have fees out of range") }
            sum = next
        }
        if let stated = try given.integer("PlatformFeesAmount"), stated != sum {
            throw MangopayMistake("PlatformFeesAmount", "must equal the sum of the Seller.FeesAmount values")
        }
        return sum
    }

    private func check(amount stated: Int64?) throws(MangopayMistake) {
        var sum: Int64 = 0
        for line in lines {
            let (next, overflow) = sum.addingReportingOverflow(line.total)
            guard !overflow else { throw MangopayMistake("Amount", "is too large") }
            sum = next
        }
        guard sum > 0 else { throw MangopayMistake("Amount", "must be greater than 0") }
        if let stated, stated != sum {
            throw MangopayMistake("Amount", "must equal the sum of the TotalLineItemAmount values")
        }
        let captured = lines.reduce(0) { $0 + $1.captured }
        let fits =
            switch status {
            case .authorized: captured == 0 && remaining > 0
            case .partiallyCaptured: captured > 0 && remaining > 0
            case .captured: captured > 0 && remaining == 0
            case .cancelled: lines.allSatisfy { $0.cancelled == $0.total }
            case .refunded, .refundReversed, .disputed, .defended, .disputedWon, .disputedLost: captured > 0
            }
        guard fits else {
            throw MangopayMistake("Status", "\(status.rawValue) does not fit the amounts of the line items")
        }
    }

    private static let keptApart: Set<String> = [
        "Id", "Amount", "AvailableAmountToSplit", "UnfundedAmount", "Currency", "PlatformFeesAmount",
        "Status",
        "NextActions", "ExternalData", "Buyer", "LineItems", "CreationDate", "ExecutionDate", "Captures",
    ]
}

extension MangopayLine {
    private static let amountKeys: Set<String> = [
        "Id", "TotalLineItemAmount", "CancelledAmount", "CanceledAmount", "CapturedAmount", "RefundedAmount",
        "DisputedAmount", "SplitAmount", "UnfundedSellerAmount", "Amount",
    ]
    private static let pageOrder = [
        "Seller", "Sku", "Name", "Description", "Quantity", "UnitAmount", "TaxAmount", "DiscountAmount",
        "Category", "ShippingAddress",
    ]

    /// - Parameter status: of the intent; says what amounts are that are not given.
    init(_ given: MangopayFields, id: String, status: MangopayStatus) throws(MangopayMistake) {
        guard 1...128 ~= id.utf8.count else { throw MangopayMistake("LineItems", "have an Id out of bounds") }
        let price = try Self.price(given)
        self.id = id
        total = price.total
        let cancelledNow: Int64 = status == .cancelled ? price.total : 0
        cancelled =
            try given.integer("CancelledAmount", or: "CanceledAmount") ?? cancelledNow
        let isCaptured = ![.authorized, .partiallyCaptured, .cancelled].contains(status)
        captured = try given.integer("CapturedAmount") ?? (isCaptured ? total - cancelled : 0)
        refunded = try given.integer("RefundedAmount") ?? (status == .refunded ? captured : 0)
        disputed = try given.integer("DisputedAmount") ?? 0
        split = try given.integer("SplitAmount") ?? 0
        var members = Self.pageOrder.compactMap { key -> JSONObject.Member? in
            if let value = price.members[key] ?? given[key] { .init(key: key, value: value) } else { nil }
        }
        members += given.object.members.filter {
            !$0.value.isNull && !Self.pageOrder.contains($0.key) && !Self.amountKeys.contains($0.key)
        }
        others = JSONObject(members)
        let (used, overflow) = captured.addingReportingOverflow(cancelled)
        guard [cancelled, captured, refunded, disputed, split].allSatisfy({ 0...total ~= $0 }), !overflow,
            used <= total, refunded <= captured, split <= captured
        else { throw MangopayMistake("LineItems", "have amounts of \(id) that do not fit each other") }
    }

    /// The invariant of section 5: TotalLineItemAmount = UnitAmount x Quantity - DiscountAmount.
    private static func price(
        _ given: MangopayFields
    ) throws(MangopayMistake) -> (total: Int64, members: JSONObject) {
        let discount = try given.integer("DiscountAmount") ?? 0
        let quantity = try given.integer("Quantity") ?? 1
        let stated = try given.integer("TotalLineItemAmount")
        guard discount >= 0, quantity >= 1, quantity <= Int64(Int32.max) else {
            throw MangopayMistake("LineItems", "have a Quantity or DiscountAmount out of range")
        }
        let unit = try given.integer("UnitAmount") ?? (quantity == 1 ? stated.map { $0 &+ discount } : nil)
        guard let unit else { throw MangopayMistake("LineItems", "need a UnitAmount each") }
        let (gross, overflow) = unit.multipliedReportingOverflow(by: quantity)
        guard unit >= 0, !overflow, gross >= discount else {
            throw MangopayMistake("LineItems", "have a UnitAmount out of range")
        }
        if let stated, stated != gross - discount {
            throw MangopayMistake(
                "LineItems", "must have a TotalLineItemAmount of UnitAmount x Quantity - DiscountAmount")
        }
        return (
            gross - discount,
            JSONObject([
                "Quantity": .minor(quantity), "UnitAmount": .minor(unit), "DiscountAmount": .minor(discount),
            ])
        )
    }
}
