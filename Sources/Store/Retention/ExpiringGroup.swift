import Alerting

/// Resolved incidents that go together, because actions named several of them: mostly just one. As they were found;
/// what has happened since is looked for when they are marked.
public struct ExpiringGroup: Sendable, Hashable {
    /// One of them.
    public struct Member: Sendable, Hashable {
        /// The incident.
        public var id: IncidentID
        /// The event that resolved it.
        public var resolvedEventID: EventID
        /// The actions that name it.
        public var references: ActionReferences

        /// An incident as it was found.
        public init(id: IncidentID, resolvedEventID: EventID, references: ActionReferences) {
            self.id = id
            self.resolvedEventID = resolvedEventID
            self.references = references
        }
    }

    /// The incidents.
    public var members: [Member]
    /// The actions that changed several of them at once: no outcome names an incident for them.
    public var sharedActions: [EventID]

    /// Incidents that go together, with the actions that they share.
    public init(members: [Member], sharedActions: [EventID]) {
        self.members = members
        self.sharedActions = sharedActions
    }

    /// Ends the incidents, inside the caller's transaction: their rows go, and their events no longer count as part of
    /// the log. Gives false, and does nothing, where one of them is not as it was found.
    public func mark(on connection: Connection) throws(SQLiteError) -> Bool {
        for member in members {
            guard let found = try RetentionRows.resolved(member.id, connection),
                found.resolvedEventID == member.resolvedEventID,
                try RetentionRows.references(to: member.id, connection) == member.references
            else { return false }
        }
        for member in members {
            let entry = try RetentionRows.lastLogEntry(of: member.id, connection)
            let last = max(
                member.resolvedEventID, entry.map(LogEntry.event) ?? 0, member.references.last)
            try connection.run("INSERT INTO expiring_incidents (incident_id, last_event_id) VALUES (?, ?)") { row in
                row.add(member.id)
                row.add(last)
            }
            try connection.run(
                """
                INSERT INTO expiring_alerts (alert_id, last_event_id)
                SELECT id, placed_event_id FROM alerts WHERE incident_id = ? AND placed_event_id <> id
                """
            ) { $0.add(member.id) }
            try connection.run(
                """
                DELETE FROM incident_keys WHERE incident_id = ?1
                AND incident_key = (SELECT incident_key FROM incidents WHERE id = ?1)
                """
            ) { $0.add(member.id) }
            try connection.run("DELETE FROM storm_links WHERE incident_id = ?") { $0.add(member.id) }
            try connection.run("DELETE FROM incident_details WHERE incident_id = ?") { $0.add(member.id) }
            try connection.run("DELETE FROM incidents WHERE id = ?") { $0.add(member.id) }
        }
        for action in sharedActions { try Removal.removeEvent(action, from: connection) }
        return true
    }
}

/// How many actions name an incident, and the last of them; 0 where there is none.
public struct ActionReferences: Sendable, Hashable {
    /// How many.
    public var count: Int64
    /// The last.
    public var last: EventID
}
