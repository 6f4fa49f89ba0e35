/// Why a listener cannot start, or cannot take a new certificate.
public enum ListenerError: Error, Equatable, CustomStringConvertible {
    /// The address cannot be bound, or the descriptor is no listening stream socket.
    case cannotListen(endpoint: String, reason: String)
    /// A certificate or key file is missing, unreadable or not what it should be. Never tells what is in it.
    case unusableFile(path: String, reason: String)
    /// The private key does not belong to the certificate, or TLS refuses the pair.
    case unusablePair(certificateChainFile: String, privateKeyFile: String)
    /// The endpoint is to speak TLS, and the listener has no certificate.
    case noCertificate(endpoint: String)
    /// `start` was called twice, or after `stop`.
    case alreadyStarted

    /// One line for the operator.
    public var description: String {
        switch self {
        case .cannotListen(let endpoint, let reason): "cannot listen on \(endpoint): \(reason)"
        case .unusableFile(let path, let reason): "\(path): \(reason)"
        case .unusablePair(let certificateChainFile, let privateKeyFile):
            "\(privateKeyFile) is not the private key of the certificate in \(certificateChainFile)"
        case .noCertificate(let endpoint): "cannot speak TLS on \(endpoint): there is no certificate"
        case .alreadyStarted: "the listener was started before"
        }
    }
}
