import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// The certificate that a server shows, for messages about it.
enum PeerCertificate {
    /// Does the handshake with whatever certificate, sends nothing, and gives the certificate. Blocks.
    static func fetch(
        from url: HTTPURL, _ group: MultiThreadedEventLoopGroup, _ timeoutSeconds: Int64
    ) throws -> NIOSSLCertificate {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let promise = group.next().makePromise(of: NIOSSLCertificate.self)
        do {
            let channel = try ClientBootstrap(group: group)
                .connectTimeout(.seconds(timeoutSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(try NIOSSLClientHandler(context: context, name: url.host))
                        try pipeline.addHandler(Handshake(promise, timeout: .seconds(timeoutSeconds)))
                    }
                }
                .connect(host: url.host, port: url.port).wait()
            let certificate = try promise.futureResult.wait()
            channel.close(promise: nil)
            return certificate
        } catch {
            // A promise that is dropped would stop the program.
            promise.fail(error)
            throw error
        }
    }

    /// The names and addresses that a certificate is for, without control characters.
    static func names(of certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: return String(decoding: name.contents, as: UTF8.self).filter { $0.isASCII && $0 > " " }
            case .ipAddress: return address(Array(name.contents))
            default: return nil
            }
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return nil
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a certificate names itself as its issuer.
    static func isSelfSigned(_ certificate: NIOSSLCertificate) -> Bool {
        guard let bytes = try? certificate.toDERBytes() else { return false }
        // Certificate, TBSCertificate: version, serial number, algorithm, issuer, validity, subject (RFC 5280 section 4.1).
        var outer = DERReader(bytes[...])
        var certificate = DERReader(outer.next()?.content ?? [])
        var fields = DERReader(certificate.next()?.content ?? [])
        var elements: [ArraySlice<UInt8>] = []
        while elements.count < 5, let element = fields.next() {
            let isVersion = element.tag == 0xa0
            if !isVersion { elements.append(element.content) }
        }
        return elements.count == 5 && elements[2] == elements[4]
    }
}

/// Takes DER apart, element by element (X.690).
private struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next element; nil at the end, and where the bytes are no DER.
    mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7f)
            guard count <= 4, rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        let content = rest.prefix(length)
        rest = rest.dropFirst(length)
        return (tag, content)
    }
}

/// Waits for the end of the handshake.
private final class Handshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private struct Ended: Error {}

    private let promise: EventLoopPromise<NIOSSLCertificate>
    private let timeout: TimeAmount
    private var timer: Scheduled<Void>?

    init(_ promise: EventLoopPromise<NIOSSLCertificate>, timeout: TimeAmount) {
        self.promise = promise
        self.timeout = timeout
    }

    func channelActive(context: ChannelHandlerContext) {
        let promise = promise
        timer = context.eventLoop.scheduleTask(in: timeout) { promise.fail(Ended()) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted = event as? TLSUserEvent else { return }
        do {
            guard let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate() else { throw Ended() }
            promise.succeed(certificate)
        } catch {
            promise.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        promise.fail(Ended())
    }
}
