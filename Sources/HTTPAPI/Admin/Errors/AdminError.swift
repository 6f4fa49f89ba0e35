import WireJSON

/// A request that is refused: status, code and texts of rest-api.md section 7.
struct AdminError: Error, Sendable, Hashable {
    var status: Int
    var code: Int
    var message: String
    /// What exactly is wrong; left out of the answer where empty.
    var details: [String] = []
    var headers: [AdminResponse.Field] = []

    /// The answer that says so.
    var response: AdminResponse {
        var members: [JSONValue.Member] = [
            JSONValue.Member("message", .string(message)), JSONValue.Member("code", .number(String(code))),
        ]
        if !details.isEmpty { members.append(JSONValue.Member("errors", .array(details.map { .string($0) }))) }
        return AdminResponse(json: ["error": .object(members)], status: status, headers: headers)
    }

    /// A value that the specification does not allow, named by the details.
    static func invalidInput(_ details: String...) -> AdminError {
        AdminError(status: 400, code: 2001, message: "Invalid Input Provided", details: details)
    }

    /// A required member is absent.
    static func missingArguments(_ details: String...) -> AdminError {
        AdminError(status: 400, code: 2003, message: "Missing Arguments", details: details)
    }

    /// `since` or `until` cannot be read.
    static let invalidTime = AdminError(
        status: 400, code: 2004, message: "Invalid time values in 'since' and/or 'until' parameters")
    /// `since` is after `until`.
    static let invalidDateRange = AdminError(status: 400, code: 2005, message: "Invalid Query Date Range")
    /// Only `triggered` moves a resolved incident.
    static let alreadyResolved = AdminError(status: 400, code: 1001, message: "Incident Already Resolved")
    /// A write came without `From`, and the API is strict about that.
    static let requesterNotFound = AdminError(status: 400, code: 1008, message: "Requester User Not Found")
    /// A snooze has a whole number of seconds, from one to a week.
    static let invalidSnooze = AdminError(status: 400, code: 1013, message: "Snooze Duration is Invalid")
    /// No status has that name.
    static let invalidStatus = AdminError(status: 400, code: 1003, message: "Invalid Status Provided")
    /// A merged incident stays resolved.
    static let alreadyMerged = AdminError(status: 400, code: 1019, message: "Incident Already Merged")
    /// There is no token, or no such one.
    static let unauthenticated = AdminError(status: 401, code: 2006, message: "Authentication failed")
    /// The token may only read.
    static let accessDenied = AdminError(status: 403, code: 2010, message: "Access Denied")
    /// There is no such resource.
    static let notFound = AdminError(status: 404, code: 2100, message: "Not Found")
    /// More elements or bytes than are taken.
    static let tooLarge = AdminError(status: 413, code: 2001, message: "Request Entity Too Large")
    /// The body has a `Content-Encoding` other than `identity` and `gzip`.
    static let unsupportedEncoding = AdminError(status: 415, code: 2001, message: "Unsupported content encoding")
    /// Something that should not happen.
    static let unexpected = AdminError(status: 500, code: 2000, message: "An internal error has occurred.")
    /// The database is busy or full, or the gateway is stopping or overloaded: worth trying again.
    static let unavailable = AdminError(
        status: 503, code: 2000, message: "Service unavailable", headers: [AdminResponse.Field("Retry-After", "1")])

    /// The path is there, but does not take the method.
    static func wrongMethod(allowed: [String]) -> AdminError {
        AdminError(
            status: 405, code: 2015, message: "Invalid operation",
            headers: [AdminResponse.Field("Allow", allowed.joined(separator: ", "))])
    }

    /// The token has used up its minute.
    static func rateLimitExceeded(retryAfter seconds: Int) -> AdminError {
        AdminError(
            status: 429, code: 2020, message: "Rate Limit Exceeded",
            headers: [AdminResponse.Field("Retry-After", String(seconds))])
    }
}

extension AdminResponse {
    /// An answer with a JSON body. go-pagerduty discards an error body of any other type.
    init(json: JSONValue, status: Int = 200, headers: [Field] = []) {
        self.init(
            status: status, headers: [Field("Content-Type", "application/json; charset=utf-8")] + headers,
            body: json.serialized())
    }
}
