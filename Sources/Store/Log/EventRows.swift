import Alerting

/// The rows of `events`: written once, read in order.
public enum EventRows {
    /// The number that the next event gets: one more than any event ever had, also one that is gone by now.
    public static func nextID(_ connection: Connection) throws(SQLiteError) -> EventID {
        max(try lastID(connection), try FoldReader.cursor(connection)) + 1
    }

    /// The number of the oldest event that is there; 0 for an empty log.
    public static func firstID(_ connection: Connection) throws(SQLiteError) -> EventID {
        try connection.integer("SELECT min(id) FROM events") ?? 0
    }

    /// The number of the newest event that is there; 0 for an empty log.
    public static func lastID(_ connection: Connection) throws(SQLiteError) -> EventID {
        try connection.integer("SELECT max(id) FROM events") ?? 0
    }

    /// When the first event after a number was received; nil if there is none.
    public static func firstReceipt(
        after id: EventID, _ connection: Connection
    ) throws(SQLiteError) -> Timestamp? {
        try connection.first(
            "SELECT received_at FROM events WHERE id > ? ORDER BY id LIMIT 1", { $0.add(id) }, { $0.time(0) })
    }

    /// Writes one row.
    public static func insert(_ event: NewEvent, id: EventID, into connection: Connection) throws(SQLiteError) {
        try connection.run(insertion) { row in
            row.add(id)
            row.add(event.receivedAt)
            switch event.content {
            case .alert(let alert):
                row.add(alert.version.rawValue)
                row.add(alert.action.rawValue)
                row.add(alert.integrationID)
                row.add(alert.dedupKey.text)
                row.add(alert.data.summary)
                row.add(alert.data.source)
                row.add(alert.data.severity?.rawValue)
                AlertDataColumns.bind(alert.data, to: &row)
                row.add(alert.attachments.rawValue)
                row.add(alert.contentDigest)
            case .change(let change):
                row.add("change")
                row.add("change")
                row.add(change.integrationID)
                row.addNulls(1)
                row.add(change.summary)
                row.add(change.source)
                row.addNulls(4)
                row.add(change.sentAt)
                row.addNulls(2)
                row.add(change.attachments.rawValue)
                row.addNulls(1)
            case .action(let action):
                row.add("action")
                row.add(action.command.name)
                row.addNulls(11)
                row.add(0 as Int64)
                row.addNulls(1)
            case .timer(let timer):
                row.add("timer")
                row.add(timer.kind.rawValue)
                row.addNulls(11)
                row.add(0 as Int64)
                row.addNulls(1)
            case .unreadable(let reason):
                preconditionFailure("an event that cannot be read is never appended: \(reason)")
            }
            row.add(event.body)
        }
    }

    private static let insertion = """
        INSERT INTO events (id, received_at, kind, action, integration_id, dedup_key, summary, source, severity,
            component, "group", class, sent_at, client, client_url, attachments, content_digest, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// At most `limit` events after one and up to another, in order. The bodies of senders' events are not read.
    public static func read(
        after id: EventID, through last: EventID = .max, limit: Int64, from connection: Connection
    ) throws(SQLiteError) -> [Event] {
        try connection.all(
            reading,
            {
                $0.add(id)
                $0.add(last)
                $0.add(limit)
            },
            { Event(id: $0.integer(0), receivedAt: $0.time(1), content: content($0)) })
    }

    /// The columns that `content` expects, from column 0 on.
    private static let columns = """
        id, received_at, kind, action, integration_id, dedup_key, summary, source, severity, component,
        "group", class, sent_at, client, client_url, attachments, content_digest,
        CASE WHEN kind IN ('action', 'timer') THEN body END
        """

    private static let reading = "SELECT \(columns) FROM events WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"

    /// An event that cannot be read, and why.
    struct Unreadable {
        var id: EventID
        var kind: String
        var action: String
        var reason: String
    }

    /// The events up to one that cannot be read, in order. What senders' events say is in columns; only an action that
    /// does not exist makes one of them unreadable.
    static func unreadable(
        through last: EventID, from connection: Connection
    ) throws(SQLiteError) -> [Unreadable] {
        let versions = EventVersion.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let actions = EventAction.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try connection.all(
            """
            SELECT \(columns) FROM events WHERE id <= ? AND kind <> 'change'
                AND (kind NOT IN (\(versions)) OR action NOT IN (\(actions))) ORDER BY id
            """, { $0.add(last) },
            { row -> Unreadable? in
                guard case .unreadable(let reason) = content(row) else { return nil }
                return Unreadable(id: row.integer(0), kind: row.text(2), action: row.text(3), reason: reason)
            }
        ).compactMap { $0 }
    }

    private static func content(_ row: Row) -> EventContent {
        let kind = row.text(2)
        switch kind {
        case "v1", "v2":
            guard let version = EventVersion(rawValue: kind), let action = EventAction(rawValue: row.text(3)) else {
                return .unreadable(reason: "unknown action")
            }
            var data = AlertData()
            data.summary = row.optionalText(6)
            data.source = row.optionalText(7)
            data.severity = row.optionalText(8).flatMap(Severity.init(rawValue:))
            AlertDataColumns.read(row, from: 9, into: &data)
            return .alert(
                AlertEvent(
                    version: version, action: action, integrationID: row.integer(4),
                    dedupKey: DedupKey(row.text(5)), data: data, attachments: Attachments(rawValue: row.integer(15)),
                    contentDigest: row.integer(16)))
        case "change":
            return .change(
                ChangeEvent(
                    integrationID: row.integer(4), summary: row.text(6), source: row.optionalText(7),
                    sentAt: row.optionalTime(12), attachments: Attachments(rawValue: row.integer(15))))
        case "action": return EventBodyCoding.action(row.bytes(17))
        case "timer": return EventBodyCoding.timer(row.bytes(17))
        default: return .unreadable(reason: "unknown kind")
        }
    }
}
