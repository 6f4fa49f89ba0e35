import WireJSON

/// Why a request is refused, as the label of a metric.
public enum RejectionReason: String, Sendable, Hashable, CaseIterable {
    /// 400: the body is not one JSON object.
    case parseError = "parse_error"
    /// 400: no integration key was given.
    case missingKey = "missing_key"
    /// 400: the integration key is not known.
    case unknownKey = "unknown_key"
    /// 400: a field breaks a rule.
    case invalidEvent = "invalid_event"
    /// 413: the body is too long.
    case tooLarge = "too_large"
    /// 403 or 429: too many events.
    case throttled
    /// 415: the body is encoded in a way that is not understood.
    case unsupportedEncoding = "unsupported_encoding"
    /// 405: not a `POST`.
    case methodNotAllowed = "method_not_allowed"
    /// 404: no such path.
    case notFound = "not_found"
    /// 503: try again.
    case unavailable
    /// 500: a fault of the gateway.
    case `internal`
}

/// The answer to a request that is refused (events-api.md section 7.3).
public struct EventRejection: Error, Sendable, Hashable {
    /// The HTTP status.
    public var httpStatus: Int
    /// `status` of the body.
    public var status: String
    /// `message` of the body.
    public var message: String
    /// `errors` of the body; nil leaves the member out.
    public var errors: [String]?
    /// What it is counted as.
    public var reason: RejectionReason

    /// A refusal with all its parts.
    public init(httpStatus: Int, status: String, message: String, errors: [String]? = nil, reason: RejectionReason) {
        self.httpStatus = httpStatus
        self.status = status
        self.message = message
        self.errors = errors
        self.reason = reason
    }

    /// The body of the answer, compact JSON.
    public func body() -> [UInt8] {
        var members = [
            JSONValue.Member("status", .string(status)),
            JSONValue.Member("message", .string(message)),
        ]
        if let errors {
            members.append(JSONValue.Member("errors", .array(errors.map { text in .string(text) })))
        }
        return JSONValue.object(members).serialized()
    }
}

extension EventRejection {
    /// 400: the body is not one JSON object, or no form. Only the paths of V1 spell its status in lower case.
    public static func parseError(_ endpoint: Endpoint) -> EventRejection {
        EventRejection(
            httpStatus: 400,
            status: endpoint == .v1 || endpoint == .nagios ? "unrecognized object" : "Unrecognized object",
            message: "Event object format is unrecognized", errors: ["JSON parse error"], reason: .parseError)
    }

    /// 400: the event breaks these rules, key errors first, then in the order of the fields.
    public static func invalidEvent(_ errors: [String], reason: RejectionReason = .invalidEvent) -> EventRejection {
        EventRejection(
            httpStatus: 400, status: "invalid event", message: "Event object is invalid", errors: errors,
            reason: reason)
    }

    /// 403 for V1 and 429 for V2 and change events: the statuses that the clients of each retry. For a body whose
    /// version is not certain, ask `EventDocument.throttledRejection`.
    public static func throttled(_ version: APIVersion) -> EventRejection {
        EventRejection(
            httpStatus: version == .v1 ? 403 : 429, status: "throttle exceeded",
            message: "Requests for this service are arriving too quickly.  Please retry later.", reason: .throttled)
    }

    /// 404: no such path.
    public static let notFound = EventRejection(
        httpStatus: 404, status: "invalid request", message: "Not found", reason: .notFound)

    /// 405: not a `POST`. The answer needs the header `Allow: POST`.
    public static let methodNotAllowed = EventRejection(
        httpStatus: 405, status: "invalid request", message: "Method not allowed", reason: .methodNotAllowed)

    /// 413: the body is longer than `EventLimits.maximumBodyBytes`.
    public static let tooLarge = EventRejection(
        httpStatus: 413, status: "invalid event", message: "Event object is too large",
        errors: ["Event exceeds the maximum size of 512 KB"], reason: .tooLarge)

    /// 415: a `Content-Encoding` other than `identity` and `gzip`.
    public static let unsupportedEncoding = EventRejection(
        httpStatus: 415, status: "invalid request", message: "Unsupported content encoding",
        reason: .unsupportedEncoding)

    /// 500: anything unexpected.
    public static let internalError = EventRejection(
        httpStatus: 500, status: "error", message: "Internal server error", reason: .internal)

    /// 503: the database cannot take the event now, or the program is stopping.
    public static let unavailable = EventRejection(
        httpStatus: 503, status: "error", message: "Service unavailable, please retry", reason: .unavailable)
}
