// `String` calls texts equal that are canonically equivalent ("é" as one scalar or as two). Matchers select by exactly
// what a sender wrote, as Alertmanager does, so everything here goes by the UTF-8 bytes.
extension String {
    /// Whether both are the same bytes.
    func hasSameBytes(as other: String) -> Bool {
        let mine = utf8Span.span
        let others = other.utf8Span.span
        guard mine.count == others.count else { return false }
        for index in mine.indices where mine[index] != others[index] {
            return false
        }
        return true
    }

    /// Whether this begins with all the bytes of the other.
    func startsWithBytes(of prefix: String) -> Bool {
        let mine = utf8Span.span
        let wanted = prefix.utf8Span.span
        guard mine.count >= wanted.count else { return false }
        for index in wanted.indices where mine[index] != wanted[index] {
            return false
        }
        return true
    }

    /// Less than, equal to or greater than zero, as this comes before, is the same as or comes after the other.
    func bytesCompared(with other: String) -> Int {
        let mine = utf8Span.span
        let others = other.utf8Span.span
        let shared = Swift.min(mine.count, others.count)
        var index = 0
        while index < shared {
            if mine[index] != others[index] { return Int(mine[index]) - Int(others[index]) }
            index += 1
        }
        return mine.count - others.count
    }

    /// Feeds the bytes and their number to a hasher.
    func hashBytes(into hasher: inout Hasher) {
        let mine = utf8Span.span
        hasher.combine(mine.count)
        mine.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// A text as the key of a dictionary, by its bytes.
struct ByteText: Hashable, Sendable {
    /// The text.
    let text: String

    static func == (left: ByteText, right: ByteText) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
