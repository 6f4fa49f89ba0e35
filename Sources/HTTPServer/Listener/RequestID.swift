import Glibc
import Synchronization

/// Makes request ids: 15 characters of Crockford's base 32, in ascending order.
///
/// Six characters of seconds, two of chance and seven of a counter: no two are the same within a process, and those of two
/// runs only if they start within the same second and draw the same of 1024 numbers. Fifteen characters fit into a
/// `String` without an allocation.
final class RequestIDGenerator: Sendable {
    /// Above the counter's 35 bits stands the prefix, so a counter that runs over carries into it.
    private let next: Atomic<UInt64>
    /// The seconds count from 2024, so that 30 bits last to 2058.
    private static let epoch: UInt64 = 1_704_067_200
    private let seconds: UInt64

    /// - Parameters:
    ///   - unixSeconds: when the process started.
    ///   - chance: a random number, of which ten bits are used.
    init(unixSeconds: UInt64, chance: UInt64) {
        seconds = (unixSeconds &- Self.epoch) & 0x3FFF_FFFF
        next = Atomic((chance & 0x3FF) << 35)
    }

    convenience init() {
        self.init(unixSeconds: UInt64(time(nil)), chance: .random(in: 0...UInt64.max))
    }

    /// The next id.
    func make() -> String {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return String(unsafeUninitializedCapacity: 15) { bytes in
            Self.write(seconds, digits: 6, to: bytes, at: 0)
            Self.write(number, digits: 9, to: bytes, at: 6)
            return 15
        }
    }

    private static func write(_ value: UInt64, digits: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, at start: Int)
    {
        var rest = value
        for position in stride(from: start + digits - 1, through: start, by: -1) {
            bytes[position] = digit(UInt8(truncatingIfNeeded: rest & 31))
            rest >>= 5
        }
    }

    /// Digits, then capital letters without I, L, O and U.
    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<10: UInt8(ascii: "0") + value
        case 10..<18: UInt8(ascii: "A") + value - 10
        case 18..<20: UInt8(ascii: "J") + value - 18
        case 20..<22: UInt8(ascii: "M") + value - 20
        case 22..<27: UInt8(ascii: "P") + value - 22
        default: UInt8(ascii: "V") + value - 27
        }
    }
}
