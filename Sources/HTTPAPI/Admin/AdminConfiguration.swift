/// How the admin API presents itself.
public struct AdminConfiguration: Sendable, Hashable {
    /// What `self` URLs begin with, without a slash at the end, such as `https://gateway.example`; nil to take what the
    /// client used (rest-api.md section 1).
    public var publicURL: String?
    /// A path under which the API is reachable besides the root, such as `/api`; nil for none.
    public var pathPrefix: String?
    /// How many requests a token may make in a minute; 0 is without limit (rest-api.md section 9).
    public var requestsPerMinute: Int

    /// Whether a write needs a `From` header with the e-mail address of a token, as PagerDuty has it (rest-api.md section
    /// 2).
    public var requiresFrom: Bool

    /// For how many seconds the old key of an integration stays good after a rotation; 0 ends it at once.
    public var keyRotationGraceSeconds: Int64

    /// The defaults: whatever the client used, at the root only, 960 requests a minute, `From` as one likes, and a day for
    /// keys.
    public init(
        publicURL: String? = nil, pathPrefix: String? = nil, requestsPerMinute: Int = 960, requiresFrom: Bool = false,
        keyRotationGraceSeconds: Int64 = 86_400
    ) {
        self.publicURL = publicURL
        self.pathPrefix = pathPrefix
        self.requestsPerMinute = requestsPerMinute
        self.requiresFrom = requiresFrom
        self.keyRotationGraceSeconds = keyRotationGraceSeconds
    }
}
