import NIOCore

/// Stands before TLS on a connection: what begins with plain text is answered in plain text, so that who reaches a TLS port
/// by `http://` learns it. A handshake goes on to TLS, and this handler leaves.
final class PlainHTTPAnswer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let listener: ListenerContext
    /// How many bytes were thrown away behind the answer; nil before it.
    private var discarded: Int?
    private var timer: Scheduled<Void>?

    init(_ listener: ListenerContext) {
        self.listener = listener
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if let count = discarded {
            // The client gets to read the answer only if what it sends meanwhile is read.
            discarded = count + bytes.readableBytes
            if count + bytes.readableBytes > listener.limits.maximumDiscardedBytes { context.close(promise: nil) }
        } else if let first = bytes.readableBytesView.first, PlainHTTPAnswer.isText(first) {
            discarded = 0
            answer(context, isHead: bytes.readableBytesView.starts(with: "HEAD ".utf8))
        } else {
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    /// Records of TLS begin with 20 to 23 (RFC 8446 section 5.1), those of SSL 2 with 128 and above.
    private static func isText(_ byte: UInt8) -> Bool {
        (0x20...0x7e).contains(byte) || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }

    private func answer(_ context: ChannelHandlerContext, isHead: Bool) {
        listener.refusals.count(.plainHTTP)
        let body = "this port speaks TLS; use https://\n"
        let head = """
            HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r
            Connection: close\r\nServer: alertgate\r\n\r\n
            """
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: isHead ? head : head + body)), promise: nil)
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: listener.limits.timeouts.linger) {
            bound.value.close(promise: nil)
        }
    }
}
