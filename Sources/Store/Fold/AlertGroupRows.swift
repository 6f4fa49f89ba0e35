import Alerting

/// The rows of `alert_groups`.
public enum AlertGroupRows {
    /// Writes what became of the groups.
    static func write(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        for groups in state.changes.clearedGroups {
            try connection.run("DELETE FROM alert_groups WHERE service_id = ? AND \(condition(groups.kind))") {
                $0.add(groups.serviceID)
            }
        }
        for incident in state.changes.endedGroups {
            try connection.run("DELETE FROM alert_groups WHERE incident_id = ?") { $0.add(incident) }
        }
        for group in state.changes.groups {
            guard let end = state.groupEnd(group) else {
                // Those of an incident that takes none any more are gone by now.
                if !state.changes.endedGroups.contains(group.incidentID) { try delete(group, from: connection) }
                continue
            }
            try connection.run(
                """
                INSERT INTO alert_groups (service_id, value, incident_id, ends_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (service_id, value, incident_id) DO UPDATE SET ends_at = excluded.ends_at
                """
            ) { row in
                row.add(group.key.serviceID)
                row.add(String(decoding: group.key.value, as: UTF8.self))
                row.add(group.incidentID)
                row.add(end)
            }
        }
    }

    private static func condition(_ kind: AlertGroupKind) -> String {
        let (storm, flapping) = (AlertGroupKind.stormValue, AlertGroupKind.flappingPrefix)
        return switch kind {
        case .storm: "value = '\(storm)'"
        case .flapping: "value GLOB '\(flapping)*'"
        case .grouping: "value <> '\(storm)' AND value NOT GLOB '\(flapping)*'"
        }
    }

    private static func delete(_ group: AlertGroup, from connection: Connection) throws(SQLiteError) {
        try connection.run("DELETE FROM alert_groups WHERE service_id = ? AND value = ? AND incident_id = ?") { row in
            row.add(group.key.serviceID)
            row.add(String(decoding: group.key.value, as: UTF8.self))
            row.add(group.incidentID)
        }
    }

    /// Loads into a state the incidents that take alerts of a group at a moment or later.
    static func load(
        _ key: AlertGroupKey, at moment: Timestamp, into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        let found = try connection.all(
            """
            SELECT g.ends_at, \(IncidentRows.columns)
            FROM alert_groups g JOIN incidents ON incidents.id = g.incident_id
            WHERE g.service_id = ? AND g.value = ? AND (g.ends_at IS NULL OR g.ends_at >= ?)
            """,
            {
                $0.add(key.serviceID)
                $0.add(String(decoding: key.value, as: UTF8.self))
                $0.add(moment)
            },
            { (incident: IncidentRows.read($0, from: 1), end: $0.optionalTime(0)) })
        state.load(found, ofGroup: key, from: moment)
    }

    /// Those of the incidents that take further alerts.
    public static func active(
        _ ids: some Collection<IncidentID>, _ connection: Connection
    ) throws(SQLiteError) -> Set<IncidentID> {
        guard !ids.isEmpty else { return [] }
        return Set(try connection.keptRows(activeByNumbers(ids)) { $0.integer(0) })
    }

    static func activeByNumbers(_ ids: some Collection<IncidentID>) -> BoundSQL {
        BoundSQL("SELECT incident_id FROM alert_groups INDEXED BY alert_groups_incident")
            .filtered(by: [.membership(of: "incident_id", in: ids)])
    }
}
