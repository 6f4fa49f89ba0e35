/// One thing that can be asked of the admin API (rest-api.md section 5): where, by which method, with which rights, and what
/// answers it.
struct AdminRoute: Sendable {
    /// The methods that the API takes, in the order of `Allow`.
    enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// What a token has to be allowed.
    enum Rights: Sendable {
        /// A read-only token will do.
        case read
        /// The token must not be read-only.
        case write
    }

    /// Answers, or throws why not: an `AdminError` or what the backend throws.
    typealias Handler = @Sendable (AdminCall, RouteInput) throws -> Void

    let method: Method
    /// The segments of the path; nil is one that may be anything: an id.
    let pattern: [String?]
    let rights: Rights
    let handler: Handler

    /// A route at a path, in which a segment that begins with a colon may be anything.
    init(_ method: Method, _ path: String, _ rights: Rights, _ handler: @escaping Handler) {
        self.method = method
        pattern = path.split(separator: "/").map { $0.hasPrefix(":") ? nil : String($0) }
        self.rights = rights
        self.handler = handler
    }
}

/// What a request gives its route.
struct RouteInput: Sendable {
    /// The segments of the path that may be anything, in order.
    let names: [String]
    let parameters: QueryParameters
    let times: TimeParameters
    /// What the answer is to include. Read for each route, so that a misspelt name is refused everywhere.
    let includes: Includes

    /// The first id of the path.
    var id: String { names[0] }
    /// The id of a resource below the first one.
    var child: String { names[1] }
}

/// The routes that have one path.
struct AdminPlace: Sendable {
    let routes: [AdminRoute]
    /// Their methods, in the order of `Allow`.
    let methods: [String]

    fileprivate init(_ routes: [AdminRoute]) {
        self.routes = routes
        methods = AdminRoute.Method.allCases.filter { method in routes.contains { $0.method == method } }.map(
            \.rawValue)
    }

    fileprivate var pattern: [String?] { routes[0].pattern }

    fileprivate func matches(_ segments: [String]) -> Bool {
        let pattern = pattern
        guard pattern.count == segments.count else { return false }
        for (wanted, segment) in zip(pattern, segments) {
            if let wanted, wanted != segment { return false }
        }
        return true
    }

    /// The route of a method, as sent; nil if the path does not take it.
    func route(_ method: String) -> AdminRoute? {
        routes.first { $0.method.rawValue == method }
    }

    /// The segments of a path that may be anything.
    func names(in path: AdminPath) -> [String] {
        zip(pattern, path.segments).compactMap { $0 == nil ? $1 : nil }
    }
}

extension AdminRoute {
    /// Where a path leads; nil if nothing is there. A path that is spelled out in the table comes before one with an id.
    static func place(of path: AdminPath) -> AdminPlace? {
        places[path.segments[0]]?.first { $0.matches(path.segments) }
    }

    /// The first segments of the API's paths.
    static let roots = Set(places.keys)

    /// Those of them that PagerDuty does not have: what is unknown there is refused rather than ignored.
    static let ownRoots: Set<String> = ["silences", "inhibition_rules"]

    /// By the first segment of their paths, those with fewer ids first.
    private static let places: [String: [AdminPlace]] = {
        var places: [String: [AdminPlace]] = [:]
        for routes in Dictionary(grouping: all, by: \.pattern).values {
            guard let root = routes[0].pattern[0] else { preconditionFailure("a path begins with an id") }
            places[root, default: []].append(AdminPlace(routes))
        }
        return places.mapValues { $0.sorted { ids($0) < ids($1) } }
    }()

    private static func ids(_ place: AdminPlace) -> Int { place.pattern.count { $0 == nil } }
}
