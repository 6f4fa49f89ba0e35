import Alerting

/// What retention asks the tables. Every query goes along a primary key or an index, and reads a bounded part.
public enum RetentionRows {
    /// A resolved incident.
    public struct Resolved: Sendable, Hashable {
        /// The incident.
        public var id: IncidentID
        /// When it was resolved.
        public var at: Timestamp
        /// The event that resolved it.
        public var resolvedEventID: EventID
    }

    /// An action that names an incident.
    public struct NamingAction: Sendable, Hashable {
        /// The action.
        public var id: EventID
        /// What became of it, as in `Outcome.name`.
        public var outcome: String
        /// The incident that its outcome names, if any.
        public var incidentID: IncidentID?
    }

    // MARK: Incidents

    /// At most `limit` incidents resolved before a moment, the longest resolved first, after one.
    public static func resolved(
        before cutoff: Timestamp, after: Resolved?, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [Resolved] {
        try connection.all(
            resolvedQuery,
            {
                $0.add(cutoff)
                $0.add(after?.at ?? Timestamp(milliseconds: .min))
                $0.add(after?.id ?? 0)
                $0.add(limit)
            }, readResolved)
    }

    static let resolvedQuery = """
        SELECT id, resolved_at, resolved_event_id FROM incidents
        WHERE resolved_at IS NOT NULL AND resolved_at < ? AND (resolved_at, id) > (?, ?)
        ORDER BY resolved_at, id LIMIT ?
        """

    /// An incident, if it is there and resolved.
    public static func resolved(_ id: IncidentID, _ connection: Connection) throws(SQLiteError) -> Resolved? {
        try connection.first(
            "SELECT id, resolved_at, resolved_event_id FROM incidents WHERE id = ? AND resolved_at IS NOT NULL",
            { $0.add(id) }, readResolved)
    }

    private static func readResolved(_ row: Row) -> Resolved {
        Resolved(id: row.integer(0), at: row.time(1), resolvedEventID: row.integer(2))
    }

    /// The last log entry of an incident.
    static func lastLogEntry(of id: IncidentID, _ connection: Connection) throws(SQLiteError) -> LogEntryID? {
        try connection.first("SELECT max(id) FROM log_entries WHERE incident_id = ?", { $0.add(id) }) {
            $0.optionalInteger(0)
        } ?? nil
    }

    // MARK: Actions

    /// How many actions name an incident, and which is the last.
    public static func references(
        to id: IncidentID, _ connection: Connection
    ) throws(SQLiteError) -> ActionReferences {
        try connection.first(
            "SELECT count(*), max(event_id) FROM incident_actions WHERE incident_id = ?", { $0.add(id) },
            { ActionReferences(count: $0.integer(0), last: $0.integer(1)) }) ?? ActionReferences(count: 0, last: 0)
    }

    /// The actions that name an incident, in order.
    public static func actions(
        naming id: IncidentID, _ connection: Connection
    ) throws(SQLiteError) -> [NamingAction] {
        try connection.all(
            actionsQuery, { $0.add(id) },
            { NamingAction(id: $0.integer(0), outcome: $0.text(1), incidentID: $0.optionalInteger(2)) })
    }

    static let actionsQuery = """
        SELECT a.event_id, o.outcome, o.incident_id
        FROM incident_actions a CROSS JOIN event_outcomes o ON o.event_id = a.event_id
        WHERE a.incident_id = ? ORDER BY a.event_id
        """

    /// The incidents that an action names.
    public static func incidents(
        namedBy action: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [IncidentID] {
        try connection.all(
            "SELECT incident_id FROM incident_actions WHERE event_id = ? AND incident_id <> 0", { $0.add(action) },
            { $0.integer(0) })
    }

    /// The events between two others that were refused over incidents they do not name.
    public static func refusedOverOthers(
        after first: EventID, before last: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [EventID] {
        try connection.all(
            "SELECT event_id FROM incident_actions WHERE incident_id = 0 AND event_id > ? AND event_id < ?",
            {
                $0.add(first)
                $0.add(last)
            }, { $0.integer(0) })
    }

    // MARK: Alerts that were held back

    /// At most `limit` alerts that recovered before a moment while they were held back, the first to recover first, after
    /// one.
    public static func recovered(
        before cutoff: Timestamp, after: (at: Timestamp, id: AlertID)?, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [(at: Timestamp, id: AlertID)] {
        try connection.all(
            recoveredQuery,
            {
                $0.add(cutoff)
                $0.add(after?.at ?? Timestamp(milliseconds: .min))
                $0.add(after?.id ?? 0)
                $0.add(limit)
            }, { ($0.time(0), $0.integer(1)) })
    }

    static let recoveredQuery = """
        SELECT resolved_at, id FROM alerts INDEXED BY alerts_recovered
        WHERE incident_id IS NULL AND resolved_at IS NOT NULL AND resolved_at < ? AND (resolved_at, id) > (?, ?)
        AND id NOT IN (SELECT alert_id FROM expiring_alerts) ORDER BY resolved_at, id LIMIT ?
        """

    /// Whether something that is not going yet was held back by an alert: then what became of it hangs on that alert.
    static func holdsOthersBack(_ alert: AlertID, _ connection: Connection) throws(SQLiteError) -> Bool {
        try connection.first(
            """
            SELECT 1 FROM alert_holds WHERE inhibiting_alert_id = ? AND inhibiting_alert_id <> 0
            AND alert_id NOT IN (SELECT alert_id FROM expiring_alerts) LIMIT 1
            """, { $0.add(alert) }, { _ in true }) ?? false
    }

    /// The incidents of the alerts that those of an incident held back or made count as flapping, and those that were too many
    /// with it, and 0 for an alert that is in none; its own is not among them. At most `limit`.
    public static func heldBack(
        byAlertsOf incident: IncidentID, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> Set<IncidentID> {
        var found: Set<IncidentID> = []
        for query in [heldBackQuery, flappingQuery, stormQuery] {
            found.formUnion(
                try connection.all(
                    query,
                    {
                        $0.add(incident)
                        $0.add(limit)
                    }, { $0.integer(0) }))
        }
        return found
    }

    static let heldBackQuery = """
        SELECT DISTINCT coalesce(held.incident_id, 0)
        FROM alerts source INDEXED BY alerts_incident
        CROSS JOIN alert_holds hold INDEXED BY alert_holds_inhibiting
            ON hold.inhibiting_alert_id = source.id AND hold.inhibiting_alert_id <> 0
        CROSS JOIN alerts held ON held.id = hold.alert_id
        WHERE source.incident_id = ?1 AND held.incident_id IS NOT ?1
        AND held.id NOT IN (SELECT alert_id FROM expiring_alerts) LIMIT ?2
        """

    static let flappingQuery = """
        SELECT DISTINCT flapping.incident_id
        FROM alerts earlier INDEXED BY alerts_incident
        CROSS JOIN flap_links link INDEXED BY flap_links_earlier ON link.earlier_alert_id = earlier.id
        CROSS JOIN alerts flapping ON flapping.id = link.alert_id
        WHERE earlier.incident_id = ?1 AND flapping.incident_id <> ?1 LIMIT ?2
        """

    static let stormQuery = """
        SELECT incident_id FROM storm_links INDEXED BY storm_links_earlier WHERE earlier_incident_id = ?1 LIMIT ?2
        """

    /// The events that were refused over incidents and alerts they do not name while an alert was open that recovered.
    public static func refusedOver(
        recovered alert: AlertID, _ connection: Connection
    ) throws(SQLiteError) -> [EventID] {
        let end = try connection.first(
            "SELECT resolved_event_id FROM alerts WHERE id = ? AND incident_id IS NULL", { $0.add(alert) },
            { $0.optionalInteger(0) })
        guard let end = end ?? nil else { return [] }
        return try refusedOverOthers(after: alert, before: end, connection)
    }

    /// The first alert of an incident, which may have been held back for a while before the incident was opened.
    public static func firstAlert(of incident: IncidentID, _ connection: Connection) throws(SQLiteError) -> AlertID? {
        try connection.first("SELECT min(id) FROM alerts WHERE incident_id = ?", { $0.add(incident) }) {
            $0.optionalInteger(0)
        } ?? nil
    }

    /// Ends an alert that recovered while it was held back: its events no longer count as part of the log. Left
    /// alone where it is not as it was found, or others still hang on it.
    public static func mark(recovered alert: AlertID, on connection: Connection) throws(SQLiteError) {
        guard try !holdsOthersBack(alert, connection), try refusedOver(recovered: alert, connection).isEmpty else {
            return
        }
        try connection.run(
            """
            INSERT OR IGNORE INTO expiring_alerts (alert_id, last_event_id)
            SELECT id, resolved_event_id FROM alerts WHERE id = ? AND incident_id IS NULL AND resolved_at IS NOT NULL
            """
        ) { $0.add(alert) }
    }

    // MARK: What is left of expiring incidents

    /// The incidents that are marked, each with its last event, in order.
    public static func expiring(
        _ connection: Connection
    ) throws(SQLiteError) -> [(id: IncidentID, last: EventID)] {
        try connection.all("SELECT incident_id, last_event_id FROM expiring_incidents ORDER BY incident_id") {
            ($0.integer(0), $0.integer(1))
        }
    }

    /// The alerts that are marked, each with its last event outside of any incident, in order.
    public static func expiringAlerts(
        _ connection: Connection
    ) throws(SQLiteError) -> [(id: AlertID, last: EventID)] {
        try connection.all("SELECT alert_id, last_event_id FROM expiring_alerts ORDER BY alert_id") {
            ($0.integer(0), $0.integer(1))
        }
    }

    /// At most `limit` alerts, log entries and notes of an incident.
    public static func rows(
        of id: IncidentID, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [Removal] {
        try connection.all(
            rowsQuery,
            {
                $0.add(id)
                $0.add(id)
                $0.add(id)
                $0.add(limit)
            },
            { row in
                let id = row.integer(1)
                return switch row.integer(0) {
                case 0: .alert(id)
                case 1: .logEntry(id)
                default: .note(id)
                }
            })
    }

    static let rowsQuery = """
        SELECT 0, id FROM alerts WHERE incident_id = ?
        UNION ALL SELECT 1, id FROM log_entries WHERE incident_id = ?
        UNION ALL SELECT 2, id FROM notes WHERE incident_id = ? LIMIT ?
        """

    /// At most `limit` events in a range whose outcome names an expiring incident, in order.
    public static func expiringEvents(
        after first: EventID, through last: EventID, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [EventID] {
        try connection.all(
            expiringEventsQuery,
            {
                $0.add(first)
                $0.add(last)
                $0.add(limit)
            }, { $0.integer(0) })
    }

    static let expiringEventsQuery = """
        SELECT event_id FROM event_outcomes WHERE event_id > ? AND event_id <= ?
        AND \(isExpiring(in: "")) ORDER BY event_id LIMIT ?
        """

    // MARK: The log

    /// The event that ends a part of `limit` events after one and up to another; nil where there is none.
    public static func windowEnd(
        after first: EventID, through last: EventID, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> EventID? {
        try connection.first(
            """
            SELECT max(event_id) FROM
            (SELECT event_id FROM event_outcomes WHERE event_id > ? AND event_id <= ? ORDER BY event_id LIMIT ?)
            """,
            {
                $0.add(first)
                $0.add(last)
                $0.add(limit)
            }, { $0.optionalInteger(0) }) ?? nil
    }

    /// The events in a range that changed nothing, with their receipt. Left out is one that this program cannot read, for
    /// a newer one may; and an action that left incidents unchanged, for it may have confirmed by hand what they have.
    public static func withoutEffect(
        after first: EventID, through last: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [(id: EventID, receivedAt: Timestamp)] {
        try connection.all(
            withoutEffectQuery,
            {
                $0.add(first)
                $0.add(last)
                $0.add(DropReason.unreadable.rawValue)
            }, { ($0.integer(0), $0.time(1)) })
    }

    static let withoutEffectQuery = """
        SELECT o.event_id, e.received_at FROM event_outcomes o CROSS JOIN events e ON e.id = o.event_id
        WHERE o.event_id > ? AND o.event_id <= ? AND o.outcome IN ('dropped', 'refused', 'unchanged')
        AND o.reason IS NOT ? AND (o.outcome <> 'unchanged'
            OR NOT EXISTS (SELECT 1 FROM incident_actions a WHERE a.event_id = o.event_id))
        ORDER BY o.event_id
        """

    /// At most `limit` change events after one, with their receipt, in order.
    public static func changeEvents(
        after first: EventID, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [(id: EventID, receivedAt: Timestamp)] {
        try connection.all(
            "SELECT id, created_at FROM change_events WHERE id > ? ORDER BY id LIMIT ?",
            {
                $0.add(first)
                $0.add(limit)
            }, { ($0.integer(0), $0.time(1)) })
    }

    /// The bytes of an event's body; 0 where the event is gone.
    public static func bodySize(of id: EventID, _ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.first("SELECT length(body) FROM events WHERE id = ?", { $0.add(id) }, { $0.integer(0) }) ?? 0
    }

    /// Removes what is left of all expiring incidents, however much that is.
    public static func finish(_ connection: Connection) throws(SQLiteError) {
        try connection.execute(
            """
            DELETE FROM events WHERE id IN (\(expiringEventIDs));
            DELETE FROM expiring_incidents;
            DELETE FROM expiring_alerts;
            """)
    }

    /// The events that are in the table, but no longer part of the log; `schema` ends with its dot.
    public static func expiringEventIDs(in schema: String) -> String {
        "SELECT event_id FROM \(schema)event_outcomes WHERE \(isExpiring(in: schema))"
    }

    /// Whether an outcome is of an event of an expiring incident, or of an alert while that was in none.
    private static func isExpiring(in schema: String) -> String {
        """
        (incident_id IN (SELECT incident_id FROM \(schema)expiring_incidents)
            OR incident_id IS NULL AND alert_id IN (SELECT alert_id FROM \(schema)expiring_alerts))
        """
    }

    private static let expiringEventIDs = expiringEventIDs(in: "")
}
