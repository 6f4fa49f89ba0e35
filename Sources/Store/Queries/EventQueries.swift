import Alerting

/// What a sender's event said, without its body.
public struct EventHead: Sendable, Hashable {
    /// Its position in the log.
    public var id: EventID
    /// The version it was written in.
    public var version: EventVersion
    /// What it asked for.
    public var action: EventAction
    /// The integration it came by.
    public var integrationID: IntegrationID
    /// The dedup key, given or generated.
    public var dedupKey: DedupKey
    /// What it said.
    public var data: AlertData
}

/// The body of a sender's event, as it is stored.
public struct StoredBody: Sendable {
    /// The event's position in the log.
    public var id: EventID
    /// The Events API version; nil for a change event.
    public var version: EventVersion?
    /// The bytes that came.
    public var bytes: [UInt8]
}

/// Reads events of senders by their numbers.
public enum EventQueries {
    /// What these events said, as far as they are V1 or V2 events.
    public static func heads(
        _ ids: some Collection<EventID>, _ connection: Connection
    ) throws(SQLiteError) -> [EventID: EventHead] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(headsByNumbers(ids), readHead)
        return Dictionary(rows.compactMap { $0.map { ($0.id, $0) } }) { first, _ in first }
    }

    /// Reads the bodies of these events one after the other, and keeps what the closure makes of them: so that no more
    /// than one whole body is in memory at a time.
    public static func bodies<Value>(
        _ ids: some Collection<EventID>, _ connection: Connection, _ read: (StoredBody) -> Value
    ) throws(SQLiteError) -> [EventID: Value] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(bodiesByNumbers(ids)) { row in
            let id = row.integer(0)
            let version = EventVersion(rawValue: row.text(1))
            return (id, read(StoredBody(id: id, version: version, bytes: row.bytes(2))))
        }
        return Dictionary(rows) { first, _ in first }
    }

    static func headsByNumbers(_ ids: some Collection<EventID>) -> BoundSQL {
        BoundSQL(
            """
            SELECT id, kind, action, integration_id, dedup_key, summary, source, severity, component, "group", class,
                sent_at, client, client_url
            FROM events
            """
        ).filtered(by: [.membership(of: "id", in: ids)])
    }

    static func bodiesByNumbers(_ ids: some Collection<EventID>) -> BoundSQL {
        BoundSQL("SELECT id, kind, body FROM events")
            .filtered(by: [.membership(of: "id", in: ids), BoundSQL("kind IN ('v1', 'v2', 'change')")])
    }

    private static func readHead(_ row: Row) -> EventHead? {
        guard let version = EventVersion(rawValue: row.text(1)), let action = EventAction(rawValue: row.text(2)) else {
            return nil
        }
        var data = AlertData()
        data.summary = row.optionalText(5)
        data.source = row.optionalText(6)
        data.severity = row.optionalText(7).flatMap(Severity.init(rawValue:))
        AlertDataColumns.read(row, from: 8, into: &data)
        return EventHead(
            id: row.integer(0), version: version, action: action, integrationID: row.integer(3),
            dedupKey: DedupKey(row.text(4)), data: data)
    }
}
