import HTTPServer

/// What answers a request, by its path and by where it came in. The first that fits decides.
enum GatewayRoute: Sendable, Hashable {
    /// Events.
    case events(IngestRoute)
    /// A page that needs no token.
    case operation(Operation)
    /// The REST API, which knows its own paths.
    case admin
    /// 404, whatever else the gateway has at that path.
    case nowhere

    /// The route of a path as it stands in the request line, without the query.
    init(path: String, on surface: Surface) {
        let wanted = GatewayRoute(path: path)
        self = wanted.isAnswered(on: surface) ? wanted : .nowhere
    }

    private init(path: String) {
        if let route = IngestRoute(path: path) {
            self = .events(route)
        } else if let operation = Operation(path: path) {
            self = .operation(operation)
        } else {
            self = .admin
        }
    }

    private func isAnswered(on surface: Surface) -> Bool {
        switch (surface, self) {
        case (.everything, _): true
        // Senders and what balances them only have to know that somebody answers, which whoever can connect finds out
        // anyway. Readiness and metrics have the writer and the readers work for whoever asks, and tell of disks and
        // loads; and nobody is helped by being kept away from a gateway that is not ready: its 503 makes senders retry.
        case (.events, .events), (.events, .operation(.liveness)): true
        case (.events, _): false
        case (.admin, .events): false
        case (.admin, _): true
        }
    }
}

/// The paths that need no token: they tell counts and what is in the documentation, never contents.
enum Operation: String, Sendable, Hashable, CaseIterable {
    /// The process lives.
    case liveness = "/healthz"
    /// Whether events are taken, kept and folded.
    case readiness = "/readyz"
    /// For Prometheus.
    case metrics = "/metrics"
    /// What the gateway serves, as OpenAPI.
    case description = "/openapi.json"

    init?(path: String) { self.init(rawValue: path) }

    func admit(_ head: HTTPRequest.Head) -> Admission {
        guard head.method == "GET" || head.method == "HEAD" else {
            return .refuse(
                HTTPResponse(
                    status: 405, headers: ["Allow": "GET, HEAD"],
                    text: #"{"status":"invalid request","message":"Method not allowed"}"#))
        }
        return .read(maximumBodyBytes: 0) { HTTPResponse(AdminError.tooLarge.response) }
    }
}
