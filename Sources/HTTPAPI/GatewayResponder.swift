import APIDescription
import Alerting
import Cryptography
import EventsAPI
import HTTPServer
import Logging
import Pipeline
import Synchronization

/// Everything the gateway answers over HTTP: events, the admin API, health and metrics, as far as they are answered where
/// the request came in. The first path that fits decides; what fits nothing is 404.
public final class GatewayResponder: HTTPResponder {
    /// How it is set up.
    public struct Settings: Sendable {
        /// Limits of the Events API.
        public var rateLimits = EventRateLimits()
        /// The admin API.
        public var admin = AdminConfiguration()
        /// Whose `X-Forwarded-*` and `Forwarded` headers are believed.
        public var trustedProxies: [AddressRange] = []

        /// The usual settings.
        public init() {}
    }

    /// The listener holds on to its responder, and not the other way round.
    private struct Shown {
        weak var listener: HTTPListener?
    }

    private struct Reloadable {
        var admin: AdminAPI
        var proxies: [AddressRange]
    }

    private let pipeline: Pipeline
    private let ingest: EventIngest
    private let measurements = RequestMeasurements()
    private let readiness = Readiness()
    private let backend: NotedBackend
    private let build: BuildInfo
    private let started: Timestamp
    private let limiter: RateLimiter
    private let reloadable: Mutex<Reloadable>
    private let shown = Mutex(Shown())

    /// Answers over a pipeline. The metrics name the build.
    public init(pipeline: Pipeline, settings: Settings, build: BuildInfo, logger: Logger) {
        self.pipeline = pipeline
        self.build = build
        started = pipeline.clock.now()
        ingest = EventIngest(
            pipeline: pipeline, limits: settings.rateLimits, measurements: measurements, logger: logger)
        limiter = RateLimiter(requestsPerMinute: settings.admin.requestsPerMinute)
        let clock = pipeline.clock
        backend = NotedBackend(pipeline, logger: logger, now: { clock.now() })
        reloadable = Mutex(Self.reloadable(pipeline, backend, limiter, settings))
    }

    /// Takes over other settings, for requests from now on.
    public func reload(_ settings: Settings) {
        ingest.setLimits(settings.rateLimits)
        limiter.setLimit(requestsPerMinute: settings.admin.requestsPerMinute)
        let next = Self.reloadable(pipeline, backend, limiter, settings)
        reloadable.withLock { $0 = next }
    }

    /// Says whose connections and refusals the metrics show.
    public func show(_ listener: HTTPListener) {
        shown.withLock { $0.listener = listener }
    }

    private static func reloadable(
        _ pipeline: Pipeline, _ backend: NotedBackend, _ limiter: RateLimiter, _ settings: Settings
    ) -> Reloadable {
        let clock = pipeline.clock
        return Reloadable(
            admin: AdminAPI(
                backend: backend, configuration: settings.admin, limiter: limiter, now: { clock.now() }),
            proxies: settings.trustedProxies)
    }

    // MARK: HTTPResponder

    /// Refuses what needs no body, and says how much body the rest may have.
    public func admit(_ head: HTTPRequest.Head) -> Admission {
        switch GatewayRoute(path: head.target.path, on: head.surface) {
        case .events: ingest.admit(head)
        case .operation(let operation): operation.admit(head)
        case .admin: admitAdmin(head)
        case .nowhere: .refuse(notFound(on: head.surface))
        }
    }

    private func admitAdmin(_ head: HTTPRequest.Head) -> Admission {
        let (admin, proxies) = reloadable.withLock { ($0.admin, $0.proxies) }
        let request = AdminRequest(head, body: [], proxies)
        if let refusal = admin.refusal(of: request, announcedBodySize: head.contentLength) {
            measurements.answeredAdmin(refusal.status)
            return .refuse(HTTPResponse(refusal))
        }
        return .read(maximumBodyBytes: AdminAPI.maximumBodySize) {
            self.measurements.answeredAdmin(AdminError.tooLarge.status)
            return HTTPResponse(AdminError.tooLarge.response)
        }
    }

    /// Hands the request to what answers its path.
    public func respond(to request: HTTPRequest, reply: Reply) {
        let (admin, proxies) = reloadable.withLock { ($0.admin, $0.proxies) }
        switch GatewayRoute(path: request.path, on: request.head.surface) {
        case .events(let route):
            let address = ClientOrigin.address(of: request.head, trusting: proxies)
            ingest.respond(to: request, on: route, from: address, reply: reply)
        case .operation(.liveness):
            reply.send(HTTPResponse(status: 200, text: #"{"status":"alive"}"#))
        case .operation(.readiness):
            readiness.look(at: pipeline) { reply.send($0.response) }
        case .operation(.metrics):
            sendMetrics(reply)
        case .operation(.description):
            reply.send(HTTPResponse(status: 200, body: APIDescription.json))
        case .admin:
            admin.respond(to: AdminRequest(request.head, body: request.body, proxies)) { response in
                self.measurements.answeredAdmin(response.status)
                reply.send(HTTPResponse(response))
            }
        case .nowhere:
            reply.send(notFound(on: request.head.surface))
        }
    }

    /// In the words of the clients that are expected there.
    private func notFound(on surface: Surface) -> HTTPResponse {
        guard surface == .events else {
            measurements.answeredAdmin(AdminError.notFound.status)
            return HTTPResponse(AdminError.notFound.response)
        }
        measurements.rejected(.notFound)
        let rejection = EventRejection.notFound
        return HTTPResponse(status: rejection.httpStatus, body: rejection.body())
    }

    private func sendMetrics(_ reply: Reply) {
        let applied = pipeline.worker.applied
        let listener = shown.withLock { $0.listener }
        let isReady = readiness.isReady && pipeline.log.displacement == nil && !pipeline.log.isFoundDamaged
        readiness.refresh(pipeline)
        pipeline.readNow({ try MetricsPage.Stored.read($0, applied: applied) }) { result in
            // Without what is in the database where it cannot be read: the rest tells of just that.
            let page = MetricsPage(
                self.pipeline, requests: self.measurements.snapshot, stored: try? result.get(), listener: listener,
                isReady: isReady, build: self.build, started: self.started)
            reply.send(
                HTTPResponse(status: 200, headers: ["Content-Type": MetricsPage.contentType], text: page.text))
        }
    }
}

extension AdminRequest {
    fileprivate init(_ head: HTTPRequest.Head, body: [UInt8], _ proxies: [AddressRange]) {
        let origin = ClientOrigin(head, trusting: proxies)
        let headers = head.headers
        self.init(
            method: head.method, path: head.target.path, query: head.target.query, body: body, scheme: origin.scheme,
            host: origin.host, header: { headers.first(name: $0) })
        coding = ContentCoding(headers)
    }
}

extension HTTPResponse {
    init(_ response: AdminResponse) {
        self.init(
            status: response.status, headers: .init(response.headers.map { ($0.name, $0.value) }), body: response.body)
    }
}

extension Pipeline: AdminBackend {
    /// The token with that secret, unless it is revoked.
    public func token(for secret: [UInt8]) -> APIToken? {
        guard let token = directory.token(forHash: SHA256.digest(of: secret)) else { return nil }
        tokenUses.note(token.id, at: clock.now())
        return token
    }

    /// Whether a good token has that e-mail address.
    public func knows(email: String) -> Bool {
        directory.knows(email: email)
    }
}
