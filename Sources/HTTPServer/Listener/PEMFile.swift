import Glibc
import NIOSSL

/// A file with certificates or a private key in PEM form (RFC 7468), as the listener and the command line read them.
public struct PEMFile: Sendable {
    /// Why a file cannot be used. Never tells what is in it.
    public struct Unusable: Error, Equatable, CustomStringConvertible {
        /// What is wrong and what to do, without the path.
        public var description: String
    }

    /// The most that such a file may hold, in bytes: the bundle of a system's authorities has a quarter of it.
    private static let maximumBytes = 1024 * 1024

    private let bytes: [UInt8]

    /// Reads a file. Blocks. Throws if it is missing, a folder, empty or too large.
    public init(_ path: String) throws(Unusable) {
        bytes = try PEMFile.read(path)
        guard !bytes.isEmpty else { throw Unusable(description: "the file is empty") }
    }

    /// The certificates, at least one.
    public func certificates() throws(Unusable) -> [NIOSSLCertificate] {
        do {
            let found = try NIOSSLCertificate.fromPEMBytes(bytes)
            if !found.isEmpty { return found }
        } catch {
            // What is in the file instead says more than the error.
        }
        guard !contains("PRIVATE KEY-----") else {
            throw Unusable(description: "there is a private key in it, and no certificate that can be read")
        }
        throw Unusable(description: "no certificate in PEM form can be read from it")
    }

    /// The private key.
    func privateKey() throws(Unusable) -> NIOSSLPrivateKey {
        if contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || contains("Proc-Type: 4,ENCRYPTED") {
            throw Unusable(
                description: "the private key in it is encrypted; `openssl pkey -in FILE -out NEW-FILE` decrypts it")
        }
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        } catch {
            guard !contains("-----BEGIN CERTIFICATE-----") || contains("PRIVATE KEY-----") else {
                throw Unusable(description: "there is a certificate in it, and no private key")
            }
            throw Unusable(description: "no unencrypted private key in PEM form can be read from it")
        }
    }

    private func contains(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }

    private static func read(_ path: String) throws(Unusable) -> [UInt8] {
        func failed() -> Unusable { Unusable(description: "cannot be read: " + String(cString: strerror(errno))) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failed() }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Unusable(description: "is a folder, and no PEM file") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failed()
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else {
                throw Unusable(description: "is larger than 1 MiB: no PEM file")
            }
        }
    }
}
