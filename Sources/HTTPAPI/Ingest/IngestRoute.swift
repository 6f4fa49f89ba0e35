import EventsAPI

/// A path that takes events (events-api.md section 1).
struct IngestRoute: Sendable, Hashable {
    /// Which version rule holds there.
    var endpoint: Endpoint
    /// The key that the path itself holds, on the two paths that have one.
    var key: String?

    /// The route of a path as it stands in the request line, without the query; nil where it takes no events. One
    /// trailing slash is tolerated.
    init?(path: String) {
        var trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        // A base URL with a slash at its end.
        for base in IngestRoute.bases where trimmed.hasPrefix(base + "//") {
            trimmed = base + "/" + trimmed.dropFirst(base.count).drop { $0 == "/" }
        }
        if let endpoint = IngestRoute.fixed[trimmed] {
            self.endpoint = endpoint
            return
        }
        guard let key = IngestRoute.key(in: trimmed) else { return nil }
        endpoint = .shared
        self.key = key
    }

    private static let shared = "/event/push/alert/pagerduty"

    private static let native: [String: Endpoint] = [
        "/v2/enqueue": .v2,
        "/v2/change/enqueue": .change,
        "/generic/2010-04-15/create_event.json": .v1,
        // The script appends `/create_event` to its `--api-base`.
        "/nagios/2010-04-15/create_event": .nagios,
        "/nagios/2010-04-15/create_event.json": .nagios,
    ]

    /// What clients may be given as a base URL, to append a path to.
    private static let bases = [shared, "/nagios/2010-04-15", shared + "/nagios/2010-04-15"]

    /// The native paths, each also below the shared one, for clients that only take a base URL.
    static let fixed: [String: Endpoint] = {
        var paths = native
        for (path, endpoint) in native { paths[shared + path] = endpoint }
        paths[shared] = .shared
        return paths
    }()

    /// The key in `/integration/{key}/enqueue` and `/x-ere/{key}`.
    private static func key(in path: String) -> String? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let encoded: Substring
        switch segments.count {
        case 4 where segments[1] == "integration" && segments[3] == "enqueue": encoded = segments[2]
        case 3 where segments[1] == "x-ere": encoded = segments[2]
        default: return nil
        }
        guard !encoded.isEmpty else { return nil }
        return PercentEncoding.decode(encoded)
    }
}
