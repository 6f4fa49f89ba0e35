/// The dedup key of a trigger that has none (events-api.md section 7.2).
enum GeneratedKey {
    /// A version 4 UUID (RFC 9562 section 5.4) of 16 random bytes, as 32 lower-case hex digits.
    static func text(_ random: [UInt8]) -> String {
        precondition(random.count == 16, "a UUID has 16 bytes")
        var bytes = random
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { byte in [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }, as: UTF8.self)
    }
}
