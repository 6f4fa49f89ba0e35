import Foundation
import GatewayTesting

/// A certificate authority of our own, and a certificate for PagerDuty's host names, made the way `docs/senders.md`
/// tells operators to.
struct TestAuthority {
    /// Trusted by the senders.
    let authority: String
    /// What the gateway shows, for PagerDuty's names of both regions, localhost and 127.0.0.1.
    let certificate: String
    /// Its key.
    let key: String

    /// Makes both in a folder; doing it again there makes a new certificate from the same authority.
    init(directory: URL) throws {
        authority = directory.appending(path: "authority.pem").path
        certificate = directory.appending(path: "gateway.pem").path
        key = directory.appending(path: "gateway-key.pem").path
        let result = try RunningProgram.run(
            repository.appending(path: "scripts/make-certificate").path, [directory.path])
        guard result.status == 0 else { throw ProgramFailure(result.errors) }
    }

    /// The settings that make the gateway use it.
    var settings: String { "tls:\n  certificate: \(certificate)\n  key: \(key)\n" }
}
