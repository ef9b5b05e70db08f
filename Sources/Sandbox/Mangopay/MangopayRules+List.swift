import HTTPTypes
import JSON

extension MangopayRules {
    /// Pages of 10 to 100 intents with the headers of section 6. Choices: the filters Status, Currency and
    /// ExternalProviderName by these names, each possibly repeated; order by CreationDate, then Id; a larger
    /// per_page counts as 100.
    func list(_ request: SandboxRequest) throws(MangopayMistake) -> SandboxAnswer {
        let pairs = SandboxRequest.pairs(request.query)
        func number(_ name: String) throws(MangopayMistake) -> Int64? {
            guard let text = pairs.last(where: { $0.name.lowercased() == name.lowercased() })?.value else {
                return nil
            }
            guard let number = Int64(text), number >= 0 else {
                throw MangopayMistake(name, "must be a whole number")
            }
            return number
        }
        func allowed(_ name: String) -> Set<String>? {
            let values = pairs.filter { $0.name == name }.map { $0.value.uppercased() }
            return values.isEmpty ? nil : Set(values)
        }
        let page = Int(clamping: try number("page") ?? 1)
        let perPage = Int(clamping: min(100, try number("per_page") ?? 10))
        guard page >= 1, perPage >= 1 else { throw MangopayMistake("page", "and per_page count from 1") }
        let before = try number("BeforeDate")
        let after = try number("AfterDate")
        let statuses = allowed("Status").map { Set($0.compactMap { MangopayStatus(wire: $0) }) }
        let currencies = allowed("Currency")
        let providers = allowed("ExternalProviderName")
        let isDescending = try isDescending(pairs)
        let found = intents.values.filter { intent in
            (before.map { intent.createdAt < $0 } ?? true) && (after.map { intent.createdAt > $0 } ?? true)
                && (statuses?.contains(intent.status) ?? true)
                && (currencies?.contains(intent.currency) ?? true)
                && (providers?.contains(intent.providerName) ?? true)
        }.sorted { left, right in
            let first = isDescending ? right : left
            let second = isDescending ? left : right
            return (first.createdAt, first.id) < (second.createdAt, second.id)
        }
        let pages = (found.count + perPage - 1) / perPage
        let (start, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
        let shown = overflow ? [] : found.dropFirst(start).prefix(perPage).map { $0.wire(.viewed) }
        var answer = SandboxAnswer.json(.array(shown))
        // These literals are valid header names.
        answer.headers[HTTPField.Name("x-number-of-pages")!] = String(pages)
        answer.headers[HTTPField.Name("x-number-of-items")!] = String(found.count)
        answer.headers[HTTPField.Name("link")!] = links(request, page: page, pages: pages, perPage: perPage)
        return answer
    }

    private func isDescending(
        _ pairs: [(name: String, value: String)]
    ) throws(MangopayMistake) -> Bool {
        switch pairs.last(where: { $0.name.lowercased() == "sort" })?.value.uppercased() {
        case nil, "", "CREATIONDATE:ASC": false
        case "CREATIONDATE:DESC": true
        default: throw MangopayMistake("Sort", "must be CreationDate:ASC or CreationDate:DESC")
        }
    }

    private func links(_ request: SandboxRequest, page: Int, pages: Int, perPage: Int) -> String {
        let others = request.query.split(separator: "&").filter {
            !$0.lowercased().hasPrefix("page=") && !$0.lowercased().hasPrefix("per_page=")
        }
        let base = "http://" + (request.authority ?? "127.0.0.1") + request.path
        func link(_ number: Int, _ relation: String) -> String {
            let query = ["page=\(number)", "per_page=\(perPage)"] + others
            return "<\(base)?\(query.joined(separator: "&"))>; rel=\"\(relation)\""
        }
        var links = [link(1, "first")]
        if page > 1 { links.append(link(page - 1, "prev")) }
        if page < pages { links.append(link(page + 1, "next")) }
        return (links + [link(max(1, pages), "last")]).joined(separator: ", ")
    }
}

extension MangopayIntent {
    fileprivate var providerName: String {
        externalData["ExternalProviderName"]?.string?.uppercased() ?? ""
    }
}
