import EventsAPI

/// A path taken apart: its segments, without the prefix and without one slash at the end.
struct AdminPath: Sendable, Hashable {
    /// The segments, percent-decoded. None is empty.
    let segments: [String]
    /// Whether it began with the configured prefix.
    let isPrefixed: Bool

    /// Nil for a path that is none of the API's: with empty segments, or not beginning with a slash.
    init?(_ path: String, prefix: String?) {
        var rest = path[...]
        isPrefixed = prefix.map { !$0.isEmpty && path.hasPrefix($0 + "/") } ?? false
        if isPrefixed, let prefix { rest = rest.dropFirst(prefix.count) }
        // The prefix as a base URL with a slash at its end.
        while isPrefixed, rest.hasPrefix("//") { rest = rest.dropFirst() }
        guard rest.first == "/" else { return nil }
        rest = rest.dropFirst()
        if rest.last == "/" { rest = rest.dropLast() }
        segments = rest.split(separator: "/", omittingEmptySubsequences: false).map { PercentEncoding.decode($0) }
        guard !segments.contains("") else { return nil }
    }

    /// Whether it lies in one of the API's trees, with or without something there.
    var isAdmin: Bool { AdminRoute.roots.contains(segments[0]) }
}
