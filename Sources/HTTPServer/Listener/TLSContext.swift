import Dispatch
import NIOSSL
import Synchronization

/// The certificate in use, which can be exchanged while connections are open.
final class TLSContext: Sendable {
    private let files: ListenerConfiguration.TLS
    private let current: Mutex<NIOSSLContext>
    private static let queue = DispatchQueue(label: "alertgate.tls")

    /// Loads the files.
    ///
    /// - Throws: `ListenerError`.
    init(files: ListenerConfiguration.TLS) async throws {
        self.files = files
        current = Mutex(try await Self.load(files))
    }

    /// A handler for a new connection, with the certificate now in use.
    func makeHandler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: current.withLock { $0 })
    }

    /// Loads the files again; on failure what was in use stays.
    ///
    /// - Throws: `ListenerError`.
    func reload() async throws {
        let context = try await Self.load(files)
        current.withLock { $0 = context }
    }

    /// Files are read on a queue, because reading blocks.
    private static func load(_ files: ListenerConfiguration.TLS) async throws -> NIOSSLContext {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try loadBlocking(files) })
            }
        }
    }

    /// Loads the files on the calling thread.
    static func loadBlocking(_ files: ListenerConfiguration.TLS) throws(ListenerError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try PEMFile(files.certificateChainFile).certificates()
        } catch {
            throw ListenerError.unusableFile(path: files.certificateChainFile, reason: error.description)
        }
        let key: NIOSSLPrivateKey
        do {
            key = try PEMFile(files.privateKeyFile).privateKey()
        } catch {
            throw ListenerError.unusableFile(path: files.privateKeyFile, reason: error.description)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ListenerError.unusablePair(
                certificateChainFile: files.certificateChainFile, privateKeyFile: files.privateKeyFile)
        }
    }
}
