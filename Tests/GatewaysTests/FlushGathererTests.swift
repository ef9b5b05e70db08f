import NIOCore
import NIOEmbedded
import Testing

@testable import Gateways

@Suite("What a call writes leaves together")
struct FlushGathererTests {
    @Test("flushes of one turn of the event loop are one, those of later turns are others")
    func gathered() throws {
        let channel = EmbeddedChannel(handler: FlushGatherer())
        for _ in 1...2 {
            channel.writeAndFlush(ByteBuffer(string: "head"), promise: nil)
            channel.writeAndFlush(ByteBuffer(string: "body"), promise: nil)
            #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
            channel.embeddedEventLoop.run()
            #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "head"))
            #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "body"))
        }
        _ = try channel.finish()
    }
}
