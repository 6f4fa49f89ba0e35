import CCrypto

/// SHA-256 of FIPS 180-4, by the system's libcrypto.
public enum SHA256 {
    /// The number of bytes of a digest.
    public static let size = 32

    /// The digest of a message: `size` bytes.
    public static func digest(of message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { digest, count in
            CCrypto.SHA256(message, message.count, digest.baseAddress)
            count = size
        }
    }

    /// The digest of a text's UTF-8 bytes.
    public static func digest(of text: String) -> [UInt8] { digest(of: Array(text.utf8)) }
}
