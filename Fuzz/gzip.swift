import Gzip

/// What comes out is the same wherever chunks end, and never more than the limits allow.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    let limits = GzipLimits(bytes: 1 << 20, ratio: 100, members: 4)
    let whole = GzipTrace(limits)
    whole.take(Array(input))
    whole.finish()
    let cut = GzipTrace(limits)
    Fuzz.inPieces(input, cut.take)
    cut.finish()
    Fuzz.expect(whole.code == cut.code, "chunks change the verdict")
    Fuzz.expect(whole.code != nil || whole.output == cut.output, "chunks change what comes out")
    Fuzz.expect(whole.output.count <= 1 << 20, "more than the limit")
    return 0
}

final class GzipTrace {
    private let reader: GzipReader
    private(set) var output: [UInt8] = []
    private(set) var code: GzipError.Code?

    init(_ limits: GzipLimits) { reader = GzipReader(limits: limits) }

    func take(_ bytes: [UInt8]) {
        note { try reader.append(bytes) { output += $0 } }
    }

    func finish() { note { try reader.finish() } }

    private func note(_ body: () throws -> Void) {
        guard code == nil else { return }
        do { try body() } catch { code = (error as? GzipError)?.code }
    }
}
