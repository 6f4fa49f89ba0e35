import Cryptography

/// Keys and tokens, made of the system's random numbers.
public enum Secrets {
    /// An integration key: 32 lowercase hexadecimal characters (events-api.md section 2).
    public static func integrationKey() -> String {
        pick(32, from: "0123456789abcdef")
    }

    /// An API token: `ag_` and 40 letters and digits, some 238 bits.
    public static func token() -> String {
        "ag_" + pick(40, from: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }

    /// What is kept of a token.
    public static func hash(_ token: String) -> [UInt8] {
        SHA256.digest(of: token)
    }

    /// What may be shown of a key: its last four characters.
    public static func masked(_ key: String) -> String { "…" + key.suffix(4) }

    private static func pick(_ count: Int, from alphabet: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array(alphabet)
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}
