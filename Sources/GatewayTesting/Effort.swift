import Glibc

/// How often and how much, in `make test` and in `make soak`.
public enum Effort {
    /// Whether this is `make soak`.
    public static let isSoak = getenv("ALERTGATE_SOAK").map { String(cString: $0) } == "1"

    /// The first number in `make test`, the second in `make soak`.
    public static func of(_ short: Int, soak: Int) -> Int { isSoak ? soak : short }

    /// Seeds of random runs: as many as the first number in `make test`, as the second in `make soak`.
    public static func seeds(_ short: UInt64, soak: UInt64) -> ClosedRange<UInt64> { 1...(isSoak ? soak : short) }
}
