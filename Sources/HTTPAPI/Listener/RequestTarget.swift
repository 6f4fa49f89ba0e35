/// What a request line names (RFC 9112 section 3.2): origin form `/path?query`, or absolute form `http://host/path?query`,
/// which a server must accept too.
public struct RequestTarget: Sendable, Equatable {
    /// The target exactly as sent. It may hold an integration key: never log it.
    public let text: String
    /// The path without query, not percent-decoded. `/` for an absolute form without path; `*` and an authority (forms
    /// that name no path) stay as they are.
    public let path: String
    /// The query without its `?`, not percent-decoded; absent if there was no `?`.
    public let query: String?

    /// Takes a target apart. Nothing is refused: what is no path matches no route.
    public init(_ text: String) {
        self.text = text
        let utf8 = text.utf8
        let start = utf8.first == UInt8(ascii: "/") ? utf8.startIndex : Self.startOfPath(in: utf8)
        guard let mark = utf8[start...].firstIndex(of: UInt8(ascii: "?")) else {
            query = nil
            path = Self.path(text, start, utf8.endIndex)
            return
        }
        query = String(text[utf8.index(after: mark)...])
        path = Self.path(text, start, mark)
    }

    /// Where the path of an absolute form starts; the start of everything else.
    private static func startOfPath(in utf8: String.UTF8View) -> String.Index {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")),
            utf8[colon...].starts(with: "://".utf8)
        else { return utf8.startIndex }
        let authority = utf8.index(colon, offsetBy: 3)
        return utf8[authority...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? utf8.endIndex
    }

    private static func path(_ text: String, _ start: String.Index, _ end: String.Index) -> String {
        if start == end { return "/" }
        return start == text.startIndex && end == text.endIndex ? text : String(text[start..<end])
    }
}
