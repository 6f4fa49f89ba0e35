/// The two versions of the Events API. The names stand in the log, and do not change.
public enum EventVersion: String, Sendable, CaseIterable {
    case v1 = "v1"
    case v2 = "v2"
}

/// What an event asks for: `event_action` in V2, `event_type` in V1. The names stand in the log, and do not change.
public enum EventAction: String, Sendable, CaseIterable {
    case trigger = "trigger"
    case acknowledge = "acknowledge"
    case resolve = "resolve"
}

/// Which parts of an event's body carry what only people read. They stay in the body, byte for byte; the fold keeps
/// the number of the event that holds them.
public struct Attachments: OptionSet, Sendable, Hashable {
    /// The bits, as stored in `events.attachments`.
    public let rawValue: Int64

    /// From the stored bits.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// `payload.custom_details` or `details` is there and not null.
    public static let details = Attachments(rawValue: 1)
    /// At least one usable link (events-api.md section 5.4).
    public static let links = Attachments(rawValue: 2)
    /// At least one usable image.
    public static let images = Attachments(rawValue: 4)
}

/// What a sender says about an alert, in one form for V1 and V2. A blank member is nil (events-api.md, "Blank").
public struct AlertData: Hashable, Sendable {
    /// `payload.summary` or `description`: 1 to 1024 Unicode scalars on a trigger.
    public var summary: String?
    /// `payload.source`, at most 1024 scalars.
    public var source: String?
    /// `payload.severity`; nil in V1, which has none.
    public var severity: Severity?
    /// `payload.component`.
    public var component: String?
    /// `payload.group`.
    public var group: String?
    /// `payload.class`.
    public var `class`: String?
    /// `payload.timestamp`: data, never an order.
    public var sentAt: Timestamp?
    /// `client`, of triggers only.
    public var client: String?
    /// `client_url`, of triggers only, as given.
    public var clientURL: String?

    /// Data with no member set.
    public init() {}
}

/// An accepted V1 or V2 event: trigger, acknowledge or resolve.
public struct AlertEvent: Hashable, Sendable {
    /// Which version it was written in.
    public var version: EventVersion
    /// What it asks for.
    public var action: EventAction
    /// The integration whose key it came with.
    public var integrationID: IntegrationID
    /// The sender's key, or a generated one on a trigger without.
    public var dedupKey: DedupKey
    /// What it says.
    public var data: AlertData
    /// What its body carries besides.
    public var attachments: Attachments
    /// A digest of everything but `payload.timestamp`: equal digests mean a repeat of the same content
    /// (events-api.md section 9.2).
    public var contentDigest: Int64

    /// An event of a sender.
    public init(
        version: EventVersion, action: EventAction, integrationID: IntegrationID, dedupKey: DedupKey,
        data: AlertData = AlertData(), attachments: Attachments = [], contentDigest: Int64 = 0
    ) {
        self.version = version
        self.action = action
        self.integrationID = integrationID
        self.dedupKey = dedupKey
        self.data = data
        self.attachments = attachments
        self.contentDigest = contentDigest
    }

    /// What the event is deduplicated by.
    public var key: AlertKey { AlertKey(integrationID: integrationID, dedupKey: dedupKey) }
}

/// An accepted change event (events-api.md section 5.3). It never touches an incident.
public struct ChangeEvent: Hashable, Sendable {
    /// The integration whose key it came with.
    public var integrationID: IntegrationID
    /// `payload.summary`, 1 to 1024 scalars.
    public var summary: String
    /// `payload.source`.
    public var source: String?
    /// `payload.timestamp`, where given.
    public var sentAt: Timestamp?
    /// What its body carries besides.
    public var attachments: Attachments

    /// A change event.
    public init(
        integrationID: IntegrationID, summary: String, source: String? = nil, sentAt: Timestamp? = nil,
        attachments: Attachments = []
    ) {
        self.integrationID = integrationID
        self.summary = summary
        self.source = source
        self.sentAt = sentAt
        self.attachments = attachments
    }
}

/// What a row of the log says.
public enum EventContent: Sendable, Hashable {
    /// From a sender, V1 or V2.
    case alert(AlertEvent)
    /// From a sender, a change event.
    case change(ChangeEvent)
    /// From the admin API or the command line.
    case action(Action)
    /// A timer that fell due.
    case timer(TimerEvent)
    /// A row that this program cannot read: the fold gives it an outcome and goes on.
    case unreadable(reason: String)
}

/// A row of the log, as the fold reads it.
public struct Event: Sendable, Hashable {
    /// Its position in the log.
    public var id: EventID
    /// When it was accepted: the fold's only "now".
    public var receivedAt: Timestamp
    /// What it says.
    public var content: EventContent

    /// A row of the log.
    public init(id: EventID, receivedAt: Timestamp, content: EventContent) {
        self.id = id
        self.receivedAt = receivedAt
        self.content = content
    }
}

/// An event on its way into the log; it has no position yet.
public struct NewEvent: Sendable {
    /// When it was accepted.
    public var receivedAt: Timestamp
    /// What it says.
    public var content: EventContent
    /// The sender's bytes, or the compact JSON of an action or timer. At most 524,288 bytes from a sender.
    public var body: [UInt8]

    /// An accepted event of a sender, with the bytes it came in.
    public init(receivedAt: Timestamp, content: EventContent, body: [UInt8]) {
        self.receivedAt = receivedAt
        self.content = content
        self.body = body
    }
}
