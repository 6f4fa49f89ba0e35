import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Why a connection over TLS was not trusted, or not made, in words.
struct TLSFailure {
    /// Whether the certificate was good, and was for another name.
    private var isName = false
    /// Whether the certificate was looked at and refused.
    private var isCertificate = false

    /// Nil for an error that has nothing to do with TLS.
    init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: isName = true
        case NIOSSLError.unableToValidateCertificate: isCertificate = true
        case NIOSSLError.handshakeFailed: isCertificate = "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: break
        default: return nil
        }
    }

    /// What is wrong, and the remedy. Asks the gateway once more for its certificate, and tells it nothing.
    func explanation(
        of url: HTTPURL, authorities: String?, _ group: MultiThreadedEventLoopGroup, _ timeoutSeconds: Int64
    ) -> String {
        guard isName || isCertificate else {
            return "it does not speak TLS, or a version that is too old; if it speaks plain HTTP, use http://"
        }
        let certificate: NIOSSLCertificate
        do {
            certificate = try PeerCertificate.fetch(from: url, group, timeoutSeconds)
        } catch {
            return "its certificate is not trusted; `--ca FILE` names the authority that signed it"
        }
        return isName
            ? TLSFailure.wrongName(certificate, url) : TLSFailure.untrusted(certificate, authorities: authorities)
    }

    private static func wrongName(_ certificate: NIOSSLCertificate, _ url: HTTPURL) -> String {
        let names = PeerCertificate.names(of: certificate)
        let whose = names.isEmpty ? "names nobody" : "is for \(names.joined(separator: ", "))"
        return "its certificate \(whose), and not for \(url.host); use a name that it is for in --url"
    }

    private static func untrusted(_ certificate: NIOSSLCertificate, authorities: String?) -> String {
        let now = Date().timeIntervalSince1970
        func day(_ time: time_t) -> String {
            Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601)
        }
        if now > Double(certificate.notValidAfter) {
            return "its certificate expired on \(day(certificate.notValidAfter)); the gateway needs a new one"
        }
        if now < Double(certificate.notValidBefore) {
            return "its certificate is valid from \(day(certificate.notValidBefore)) on; is this machine's clock right?"
        }
        let isSelfSigned = PeerCertificate.isSelfSigned(certificate)
        guard let authorities else {
            return isSelfSigned
                ? "its certificate is self-signed; if you trust it, give it, as a PEM file, with --ca FILE"
                : "its certificate is from an authority that this machine does not trust; give the authority's "
                    + "certificate, as a PEM file, with --ca FILE"
        }
        return isSelfSigned
            ? "its certificate is self-signed, and not the one in \(authorities); give it with --ca FILE"
            : "its certificate is not from an authority in \(authorities); give the one that signed it with --ca FILE"
    }
}
