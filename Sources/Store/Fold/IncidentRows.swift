import Alerting

/// The rows of `incidents`.
public enum IncidentRows {
    /// The columns that `read` expects, of a table named `incidents`, from column 0 on.
    public static let columns = """
        incidents.id, incidents.service_id, incidents.incident_key, incidents.title, incidents.status,
        incidents.urgency, incidents.urgency_set_by_hand, incidents.created_at, incidents.updated_at,
        incidents.last_status_change_at, incidents.last_status_change_by, incidents.resolved_at,
        incidents.resolved_event_id, incidents.acknowledgements, incidents.merged_into_incident_id,
        incidents.alert_count, incidents.open_alert_count, incidents.open_high_urgency_count,
        incidents.acknowledgement_expires_at, incidents.snoozed_until, incidents.auto_resolve_at,
        incidents.flapping_until, incidents.flap_changes, incidents.storm_level, incidents.storm_until,
        incidents.storm_counted_since, incidents.storm_count
        """

    /// How many columns those are.
    public static let columnCount: Int32 = 27

    /// The incident in a row, whose first column is `offset`.
    public static func read(_ row: Row, from offset: Int32 = 0) -> Incident {
        let service = row.integer(offset + 1)
        var incident = Incident(
            id: row.integer(offset), serviceID: service, incidentKey: DedupKey(row.text(offset + 2)),
            title: row.text(offset + 3), urgency: Urgency(rawValue: row.text(offset + 5)) ?? .high,
            createdAt: row.time(offset + 7), openedBy: Agent(text: row.text(offset + 10)) ?? .service(service))
        incident.status = IncidentStatus(rawValue: row.text(offset + 4)) ?? .triggered
        incident.isUrgencySetByHand = row.integer(offset + 6) != 0
        incident.updatedAt = row.time(offset + 8)
        incident.lastStatusChangeAt = row.time(offset + 9)
        incident.resolvedAt = row.optionalTime(offset + 11)
        incident.resolvedEventID = row.optionalInteger(offset + 12)
        incident.acknowledgements =
            row.optionalText(offset + 13)
            .flatMap { SettingText.read($0, SettingForm.acknowledgements) } ?? []
        incident.mergedInto = row.optionalInteger(offset + 14)
        incident.alertCount = row.integer(offset + 15)
        incident.openAlertCount = row.integer(offset + 16)
        incident.openHighUrgencyCount = row.integer(offset + 17)
        incident.acknowledgementExpiresAt = row.optionalTime(offset + 18)
        incident.snoozedUntil = row.optionalTime(offset + 19)
        incident.autoResolveAt = row.optionalTime(offset + 20)
        incident.flappingUntil = row.optionalTime(offset + 21)
        incident.flapChanges = row.integer(offset + 22)
        incident.storm = storm(row, from: offset + 23)
        return incident
    }

    private static func storm(_ row: Row, from offset: Int32) -> Storm? {
        row.optionalInteger(offset).map { level in
            Storm(
                level: level, until: row.optionalTime(offset + 1), countedSince: row.time(offset + 2),
                count: row.integer(offset + 3))
        }
    }

    static let insertion = """
        INSERT INTO incidents (title, status, urgency, urgency_set_by_hand, updated_at, last_status_change_at,
            last_status_change_by, resolved_at, resolved_event_id, acknowledgements, merged_into_incident_id,
            alert_count, open_alert_count, open_high_urgency_count, acknowledgement_expires_at, snoozed_until,
            auto_resolve_at, flapping_until, flap_changes, storm_level, storm_until, storm_counted_since, storm_count,
            id, service_id, incident_key, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE incidents SET title = ?, status = ?, urgency = ?, urgency_set_by_hand = ?, updated_at = ?,
            last_status_change_at = ?, last_status_change_by = ?, resolved_at = ?, resolved_event_id = ?,
            acknowledgements = ?, merged_into_incident_id = ?, alert_count = ?, open_alert_count = ?,
            open_high_urgency_count = ?, acknowledgement_expires_at = ?, snoozed_until = ?, auto_resolve_at = ?,
            flapping_until = ?, flap_changes = ?, storm_level = ?, storm_until = ?, storm_counted_since = ?,
            storm_count = ?
        WHERE id = ?
        """

    /// Binds what may change, then the id: the whole of `update`, and the beginning of `insertion`.
    static func bind(_ incident: Incident, to row: inout Binder) {
        row.add(incident.title)
        row.add(incident.status.rawValue)
        row.add(incident.urgency.rawValue)
        row.add(incident.isUrgencySetByHand)
        row.add(incident.updatedAt)
        row.add(incident.lastStatusChangeAt)
        row.add(incident.lastStatusChangeBy.text)
        row.add(incident.resolvedAt)
        row.add(incident.resolvedEventID)
        row.add(
            incident.acknowledgements.isEmpty
                ? nil : SettingText.text(SettingForm.write(incident.acknowledgements)))
        row.add(incident.mergedInto)
        row.add(incident.alertCount)
        row.add(incident.openAlertCount)
        row.add(incident.openHighUrgencyCount)
        row.add(incident.acknowledgementExpiresAt)
        row.add(incident.snoozedUntil)
        row.add(incident.autoResolveAt)
        row.add(incident.flappingUntil)
        row.add(incident.flapChanges)
        row.add(incident.storm?.level)
        row.add(incident.storm?.until)
        row.add(incident.storm?.countedSince)
        row.add(incident.storm?.count)
        row.add(incident.id)
    }

    /// Binds what never changes: the end of `insertion`.
    static func bindFixed(_ incident: Incident, to row: inout Binder) {
        row.add(incident.serviceID)
        row.add(incident.incidentKey.text)
        row.add(incident.createdAt)
    }
}
