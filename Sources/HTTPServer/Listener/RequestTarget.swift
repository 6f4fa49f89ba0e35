/// What a request line names (RFC 9112 section 3.2): origin form `/path?query`, or absolute form `http://host/path?query`,
/// which a server must accept too.
public struct RequestTarget: Sendable, Equatable {
    /// The target exactly as sent. It may hold an integration key: never log it.
    public let text: String
    /// The path without query, not percent-decoded. Several slashes at its start are one: a client whose base URL ends in a
    /// slash sends two. `/` for an absolute form without path; `*` and an authority (forms
    /// that name no path) stay as they are.
    public let path: String
    /// The query without its `?`, not percent-decoded; absent if there was no `?`.
    public let query: String?
    /// Host and port of an absolute form, as sent, which count instead of `Host` (RFC 9112 section 3.2.2); nil in every other
    /// form.
    public let authority: String?

    /// Takes a target apart. Nothing is refused: what is no path matches no route.
    public init(_ text: String) {
        self.text = text
        let utf8 = text.utf8
        let start: String.Index
        if utf8.first != UInt8(ascii: "/"), let host = Self.startOfAuthority(in: utf8) {
            start = utf8[host...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? utf8.endIndex
            authority = String(text[host..<start])
        } else {
            start = utf8.startIndex
            authority = nil
        }
        guard let mark = utf8[start...].firstIndex(of: UInt8(ascii: "?")) else {
            query = nil
            path = Self.path(text, start, utf8.endIndex)
            return
        }
        query = String(text[utf8.index(after: mark)...])
        path = Self.path(text, start, mark)
    }

    /// Where the host of an absolute form starts; nil for everything else.
    private static func startOfAuthority(in utf8: String.UTF8View) -> String.Index? {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), utf8[colon...].starts(with: "://".utf8) else {
            return nil
        }
        return utf8.index(colon, offsetBy: 3)
    }

    private static func path(_ text: String, _ start: String.Index, _ end: String.Index) -> String {
        if start == end { return "/" }
        let utf8 = text.utf8
        var start = start
        while utf8[start] == UInt8(ascii: "/"), let next = utf8.index(start, offsetBy: 1, limitedBy: end), next < end,
            utf8[next] == UInt8(ascii: "/")
        {
            start = next
        }
        return start == text.startIndex && end == text.endIndex ? text : String(text[start..<end])
    }
}
