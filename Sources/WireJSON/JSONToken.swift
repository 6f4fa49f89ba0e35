/// The kinds of JSON value.
public enum JSONKind: Sendable, Hashable {
    /// A value without parts.
    case null, `true`, `false`, number, string
    /// A value with parts.
    case array, object
}

/// One value (or member name) in a text: its kind and its place, but not its content.
public struct JSONToken: Sendable, Hashable {
    /// What it is.
    public let kind: JSONKind
    /// Whether it is a string with at least one backslash in it.
    public let hasEscapes: Bool
    /// The bytes it takes up in the scanned text; a string's include both quotes.
    public let range: Range<Int>

    init(_ kind: JSONKind, _ range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.hasEscapes = hasEscapes
        self.range = range
    }
}
