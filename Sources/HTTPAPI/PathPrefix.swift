/// What `api.path_prefix` may be besides its spelling.
public enum PathPrefix {
    /// Why a prefix cannot be used, for the operator: it makes a path of the gateway unreachable, or lies in one. Nil for a
    /// good one, and for the empty one.
    public static func conflict(of prefix: String) -> String? {
        let segments = prefix.split(separator: "/")
        guard let first = segments.first else { return nil }
        if AdminRoute.roots.contains(String(first)) { return "/\(first) is a path of the API" }
        if Operation(path: prefix) != nil || IngestRoute(path: prefix) != nil {
            return "\(prefix) is answered by something else"
        }
        // A path with a key in it takes whatever stands in the key's place.
        for root in AdminRoute.roots.sorted() {
            for path in ["\(prefix)/\(root)", "\(prefix)/\(root)/enqueue"] where IngestRoute(path: path) != nil {
                return "\(path) takes events"
            }
        }
        return nil
    }
}
