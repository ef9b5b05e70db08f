import HTTPTypes

extension SandboxResponder {
    /// Serves a request that has arrived whole, as the fault that struck it says.
    func serve(_ request: SandboxRequest, _ arrival: GatewayDesk.Arrival) async throws -> Ending {
        switch arrival.fault {
        case nil, .special:
            return .answer(try await desk.carryOut(request, arrival, answering: true))
        case .answer(let scripted):
            return .answer(try await desk.answer(scripted, to: arrival))
        case .applyThenStatus(let scripted):
            return .answer(try await desk.carryOut(request, arrival, instead: scripted))
        case .dropBefore:
            return .drop
        case .dropAfter:
            _ = try await desk.carryOut(request, arrival, answering: false)
            return .drop
        case .late(let milliseconds):
            return .dropThenApply(request, arrival, milliseconds: milliseconds)
        case .delay(let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            return .answer(try await desk.carryOut(request, arrival, answering: true))
        case .hang(let apply):
            if apply { _ = try await desk.carryOut(request, arrival, answering: false) }
            return .hang
        case .drip(let milliseconds):
            let answer = try await desk.carryOut(request, arrival, answering: true)
            return .drip(answer, milliseconds: milliseconds)
        case .halfStatus(let apply):
            if apply { _ = try await desk.carryOut(request, arrival, answering: false) }
            return .halfStatus
        case .html(let status, let apply):
            if apply { _ = try await desk.carryOut(request, arrival, answering: false) }
            let answer = Self.page(status)
            try await desk.note(answer, to: arrival)
            return .answer(answer)
        case .damaged(let damage):
            return .answer(damage.applied(to: try await desk.carryOut(request, arrival, answering: true)))
        }
    }

    /// A page as a proxy in between makes it.
    private static func page(_ status: Int) -> SandboxAnswer {
        let text = """
            <!DOCTYPE html>
            <html><head><title>\(status)</title></head><body><h1>\(status)</h1><hr>proxy</body></html>

            """
        return SandboxAnswer(
            status: status, headers: [.contentType: "text/html; charset=utf-8"], body: Array(text.utf8))
    }
}
