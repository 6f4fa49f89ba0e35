import Alerting

/// Writes what a batch of events changed in the tables that a rebuild replaces. Runs inside a transaction of the caller's, in which the cursor moves too.
public enum FoldWriter {
    /// Writes the changes of a state, and that everything up to `event` is applied.
    public static func write(
        _ state: FoldState, appliedThrough event: EventID, to connection: Connection
    ) throws(SQLiteError) {
        let changes = state.changes
        try writeSettings(state, to: connection)
        try writeIncidents(state, to: connection)
        try writeAlerts(state, to: connection)
        try InhibitionSourceRows.write(state, to: connection)
        // What is at hand has its own word on its timers, and the last.
        try HoldRows.release(changes, in: connection)
        for (key, due) in changes.timers { try TimerRows.write(key, due, to: connection) }
        for (alert, earlier) in changes.flapLinks { try link(alert, to: earlier, in: "flap_links", connection) }
        for (incident, earlier) in changes.stormLinks { try link(incident, to: earlier, in: "storm_links", connection) }
        for (alert, suppression) in changes.holds { try HoldRows.insert(alert, suppression, into: connection) }
        for entry in changes.logEntries {
            try LogEntryRows.insert(entry, repeats: changes.repeats[entry.id], into: connection)
        }
        let firstNew = changes.logEntries.first?.id ?? .max
        for (entry, repeats) in changes.repeats where entry < firstNew {
            try LogEntryRows.update(entry, repeats, in: connection)
        }
        try AlertGroupRows.write(state, to: connection)
        for note in changes.notes { try ManualRows.insert(note, into: connection) }
        for id in changes.keyedIncidents {
            if let incident = state.incidents[id] { try ManualRows.insertKey(of: incident, into: connection) }
        }
        for (incident, details) in changes.incidentDetails {
            try ManualRows.insertDetails(details, of: incident, into: connection)
        }
        for change in changes.changeEvents { try ChangeEventRows.insert(change, into: connection) }
        for (event, outcome) in changes.outcomes { try OutcomeRows.insert(outcome, of: event, into: connection) }
        try connection.run("UPDATE worker_cursor SET event_id = ? WHERE id = 1") { $0.add(event) }
    }

    /// Records that what became of an alert or incident hangs on an earlier one.
    private static func link(
        _ id: Int64, to earlier: Int64, in table: String, _ connection: Connection
    ) throws(SQLiteError) {
        try connection.run("INSERT OR IGNORE INTO \(table) VALUES (?, ?)") { row in
            row.add(id)
            row.add(earlier)
        }
    }

    private static func writeSettings(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        try SettingsRows.releaseNames(of: state.changes.services, in: connection)
        for id in state.changes.services.sorted() {
            if let service = state.services[id] { try SettingsRows.write(service, to: connection) }
        }
        try SettingsRows.releaseKeys(of: state.changes.integrations, in: connection)
        for id in state.changes.integrations.sorted() {
            if let integration = state.integrations[id] { try SettingsRows.write(integration, to: connection) }
        }
        for id in state.changes.silences.sorted() {
            if let silence = state.changedSilences[id] { try SilenceRows.write(silence, to: connection) }
        }
        for id in state.changes.inhibitionRules.sorted() {
            if let rule = state.changedInhibitionRules[id] { try InhibitionRuleRows.write(rule, to: connection) }
        }
        for id in state.changes.tokens.sorted() {
            if let token = state.tokens[id] { try SettingsRows.write(token, to: connection) }
        }
    }

    private static func writeIncidents(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        let inserted = state.changes.insertedIncidents
        let firstNew = inserted.first ?? .max
        for id in inserted {
            guard let incident = state.incidents[id] else { continue }
            try connection.run(IncidentRows.insertion) { row in
                IncidentRows.bind(incident, to: &row)
                IncidentRows.bindFixed(incident, to: &row)
            }
        }
        for id in state.changes.updatedIncidents.sorted() where id < firstNew {
            guard let incident = state.incidents[id] else { continue }
            try connection.run(IncidentRows.update) { IncidentRows.bind(incident, to: &$0) }
        }
    }

    /// Rows that let go of a key come before rows that take it: within one batch an alert may be resolved and the next
    /// one opened under its key.
    private static func writeAlerts(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        let firstNew = state.changes.insertedAlerts.first ?? .max
        let updated = state.changes.updatedAlerts.filter { $0 < firstNew }.sorted().compactMap { state.alerts[$0] }
        let ordered = updated.filter { $0.status == .resolved } + updated.filter { $0.status == .triggered }
        for alert in ordered {
            try connection.run(AlertRows.update) { AlertRows.bind(alert, to: &$0) }
        }
        for id in state.changes.insertedAlerts {
            guard let alert = state.alerts[id] else { continue }
            try connection.run(AlertRows.insertion) { row in
                AlertRows.bind(alert, to: &row)
                AlertRows.bindFixed(alert, to: &row)
            }
        }
    }
}
