/// A dedup key (V2) or incident key (V1): one namespace inside an integration (events-api.md section 8).
///
/// Compared byte by byte. Swift's `String` treats canonically equivalent text as equal, so it must not be the key of a
/// dictionary here: two senders that spell "é" in two ways mean two alerts.
public struct DedupKey: Hashable, Sendable, CustomStringConvertible {
    /// The key as text, 1 to 255 Unicode scalars.
    public let text: String

    /// A key with that text.
    public init(_ text: String) {
        self.text = text
    }

    /// Equal if the UTF-8 bytes are.
    public static func == (left: DedupKey, right: DedupKey) -> Bool {
        // The fold compares at every step, and keys of one sender mostly begin alike: byte by byte it costs many times as
        // much as by words.
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard left.count == right.count else { return false }
                return DedupKey.isEqual(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
    }

    /// Whether two runs of bytes of one length are equal.
    private static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place + 8 <= left.count {
            let (first, second) = (
                left.loadUnaligned(fromByteOffset: place, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            )
            guard first == second else { return false }
            place += 8
        }
        while place < left.count {
            guard left[place] == right[place] else { return false }
            place += 1
        }
        return true
    }

    /// Hashes the UTF-8 bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// The text.
    public var description: String { text }
}

/// What an alert is deduplicated by: at most one open alert has a given one (docs/architecture.md,
/// promise 3).
public struct AlertKey: Hashable, Sendable {
    /// The integration that the event came in by.
    public var integrationID: IntegrationID
    /// The sender's key, or the generated one.
    public var dedupKey: DedupKey

    /// The key of an alert.
    public init(integrationID: IntegrationID, dedupKey: DedupKey) {
        self.integrationID = integrationID
        self.dedupKey = dedupKey
    }
}
