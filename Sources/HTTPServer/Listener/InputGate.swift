import NIOCore

/// Stands before the parser: tells the connection that bytes have come, and keeps from the parser what is thrown away.
final class InputGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionHandler

    init(_ connection: ConnectionHandler) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch connection.bytesArrived(unwrapInboundIn(data).readableBytesView) {
        case .parse: context.fireChannelRead(data)
        case .discard: break
        case .close: context.close(promise: nil)
        }
    }
}
