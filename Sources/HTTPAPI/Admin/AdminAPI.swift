import Alerting
import Store

/// The admin API: PagerDuty's REST conventions over the gateway's incidents (rest-api.md).
///
/// What a request meets, in this order: the token (401), the path (404), the method (405), the token's rights (403), the
/// size of the body (413), its encoding (415), the rate limit (429), and then the route. What is refused before its body is read is not counted
/// towards the limit.
public final class AdminAPI: Sendable {
    /// The largest body of a request, in bytes (rest-api.md section 7).
    public static let maximumBodySize = 1 << 20

    let backend: any AdminBackend
    let configuration: AdminConfiguration
    let now: @Sendable () -> Timestamp
    private let limiter: RateLimiter

    /// An API over a backend. `now` gives the wall clock, for default time windows and rate limits.
    public convenience init(
        backend: any AdminBackend, configuration: AdminConfiguration = AdminConfiguration(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.init(
            backend: backend, configuration: configuration,
            limiter: RateLimiter(requestsPerMinute: configuration.requestsPerMinute), now: now)
    }

    /// The same with a limiter that outlives it.
    init(
        backend: any AdminBackend, configuration: AdminConfiguration, limiter: RateLimiter,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.backend = backend
        self.configuration = configuration
        self.limiter = limiter
        self.now = now
    }

    /// Whether a path, as sent, belongs to the admin API: then a request without a good token is answered 401, also where
    /// nothing is at that path.
    public func owns(path: String) -> Bool {
        AdminPath(path, prefix: configuration.pathPrefix)?.isAdmin ?? false
    }

    /// The methods that a path, as sent, takes, in the order of `Allow`; empty where nothing is at that path.
    public func methods(path: String) -> [String] {
        guard let path = AdminPath(path, prefix: configuration.pathPrefix) else { return [] }
        return AdminRoute.place(of: path)?.methods ?? []
    }

    /// Looks at everything but the body, so that a listener can refuse a request before it reads one: gives the answer
    /// for a request that is refused on these grounds, nil for one whose body is wanted. Nothing is counted towards the
    /// rate limit.
    ///
    /// `announcedBodySize` is what `Content-Length` says, nil where it says nothing.
    public func refusal(of request: AdminRequest, announcedBodySize: Int?) -> AdminResponse? {
        do throws(AdminError) {
            _ = try admit(request, bodySize: announcedBodySize ?? 0)
            return nil
        } catch {
            return error.response
        }
    }

    /// Answers a request. The completion is called once, on whatever queue the backend calls from, or at once.
    public func respond(
        to request: AdminRequest, completion: @escaping @Sendable (AdminResponse) -> Void
    ) {
        let token: APIToken
        do throws(AdminError) {
            guard owns(path: request.path) else { throw .notFound }
            token = try authenticate(request)
        } catch {
            return completion(error.response)
        }
        let count = limiter.count(token.id, at: now())
        let finish: @Sendable (AdminResponse) -> Void = { response in
            var response = response
            response.headers += count?.headers ?? []
            completion(response)
        }
        if let count, !count.isAllowed {
            return finish(AdminError.rateLimitExceeded(retryAfter: count.secondsToReset).response)
        }
        do throws(AdminError) {
            let (path, place, route) = try admit(request, bodySize: request.body.count)
            var request = request
            request.body = try decodedBody(of: request)
            let call = AdminCall(
                api: self, request: request, token: token, parameters: QueryParameters(request.query),
                isOfOwnResource: path.segments.first.map(AdminRoute.ownRoots.contains) ?? false,
                baseURL: baseURL(of: request, isPrefixed: path.isPrefixed), completion: finish)
            call.run(route, names: place.names(in: path))
        } catch {
            finish(error.response)
        }
    }

    /// Finds the route of a request that may use it.
    private func admit(
        _ request: AdminRequest, bodySize: Int
    ) throws(AdminError) -> (path: AdminPath, place: AdminPlace, route: AdminRoute) {
        guard let path = AdminPath(request.path, prefix: configuration.pathPrefix), path.isAdmin else {
            throw .notFound
        }
        let token = try authenticate(request)
        guard let place = AdminRoute.place(of: path) else { throw .notFound }
        guard let route = place.route(request.method) else { throw .wrongMethod(allowed: place.methods) }
        guard !token.isReadOnly || route.rights == .read else { throw .accessDenied }
        guard bodySize <= AdminAPI.maximumBodySize else { throw .tooLarge }
        guard bodySize == 0 || request.coding != .unsupported else { throw .unsupportedEncoding }
        return (path, place, route)
    }

    private func decodedBody(of request: AdminRequest) throws(AdminError) -> [UInt8] {
        guard !request.body.isEmpty else { return [] }
        do throws(ContentCoding.Failure) {
            return try request.coding.decode(request.body, limit: AdminAPI.maximumBodySize)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge
            case .damaged: throw .invalidInput("the body is not the gzip that Content-Encoding says")
            case .unsupported: throw .unsupportedEncoding
            }
        }
    }

    private func authenticate(_ request: AdminRequest) throws(AdminError) -> APIToken {
        guard let secret = Authorization.secret(in: request.header("Authorization")),
            let token = backend.token(for: secret)
        else { throw .unauthenticated }
        return token
    }

    private func baseURL(of request: AdminRequest, isPrefixed: Bool) -> String {
        if let url = configuration.publicURL { return url }
        let prefix = isPrefixed ? configuration.pathPrefix ?? "" : ""
        return "\(request.scheme)://\(request.host ?? "localhost")\(prefix)"
    }
}
