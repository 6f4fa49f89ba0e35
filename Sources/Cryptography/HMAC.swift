import CCrypto

/// HMAC of RFC 2104 with SHA-256, by the system's libcrypto.
public enum HMAC {
    /// The authentication code of a message under a key of any length: `SHA256.size` bytes.
    public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.size) { code, count in
            var length: UInt32 = 0
            // The pointer of an empty array may be nil, which libcrypto takes for "the key of the call before".
            let key = key.isEmpty ? [0] : key
            let written = CCrypto.HMAC(
                EVP_sha256(), key, Int32(clamping: key.count), message, message.count, code.baseAddress, &length)
            precondition(written != nil && Int(length) == SHA256.size, "HMAC fails only without memory")
            count = SHA256.size
        }
    }
}

/// Comparison of secrets.
public enum ConstantTime {
    /// Whether both have the same bytes. How long it takes depends on their number alone, not on where they differ.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
