import Alerting

/// The rows of `alerts`.
public enum AlertRows {
    /// The columns that `read` expects, of a table named `alerts`, from column 0 on.
    public static let columns = """
        alerts.id, alerts.incident_id, alerts.service_id, alerts.integration_id, alerts.dedup_key, alerts.status,
        alerts.summary, alerts.source, alerts.severity, alerts.highest_severity, alerts.component, alerts."group",
        alerts.class, alerts.sent_at, alerts.client, alerts.client_url, alerts.details_event_id, alerts.links_event_id,
        alerts.images_event_id, alerts.created_at, alerts.updated_at, alerts.resolved_at, alerts.resolved_event_id,
        alerts.trigger_count, alerts.last_trigger_digest, alerts.last_trigger_entry_id, alerts.repeat_count,
        alerts.silence_id, alerts.inhibiting_alert_id, alerts.inhibition_rule_id, alerts.placed_event_id
        """

    /// How many columns those are.
    public static let columnCount: Int32 = 31

    /// The alert in a row.
    public static func read(_ row: Row) -> Alert {
        var data = AlertData()
        data.summary = row.text(6)
        data.source = row.text(7)
        data.severity = Severity(rawValue: row.text(8))
        AlertDataColumns.read(row, from: 10, into: &data)
        let key = AlertKey(integrationID: row.integer(3), dedupKey: DedupKey(row.text(4)))
        var alert = Alert(
            id: row.integer(0), key: key, serviceID: row.integer(2), incidentID: row.optionalInteger(1), data: data,
            severity: data.severity ?? .critical, createdAt: row.time(19), lastTriggerDigest: row.integer(24),
            lastTriggerLogEntryID: row.integer(25))
        alert.status = AlertStatus(rawValue: row.text(5)) ?? .triggered
        alert.highestSeverity = Severity(rawValue: row.text(9)) ?? alert.severity
        alert.detailsEventID = row.optionalInteger(16)
        alert.linksEventID = row.optionalInteger(17)
        alert.imagesEventID = row.optionalInteger(18)
        alert.updatedAt = row.time(20)
        alert.resolvedAt = row.optionalTime(21)
        alert.resolvedEventID = row.optionalInteger(22)
        alert.triggerCount = row.integer(23)
        alert.repeatCount = row.integer(26)
        alert.suppression = suppression(row)
        alert.placedEventID = row.optionalInteger(30)
        return alert
    }

    private static func suppression(_ row: Row) -> Suppression? {
        if let silence = row.optionalInteger(27) { return .silence(silence) }
        return row.optionalInteger(28).map { .inhibition(row.integer(29), source: $0) }
    }

    static let insertion = """
        INSERT INTO alerts (incident_id, status, summary, source, severity, highest_severity, component, "group", class,
            sent_at, client, client_url, details_event_id, links_event_id, images_event_id, updated_at, resolved_at,
            resolved_event_id, trigger_count, last_trigger_digest, last_trigger_entry_id, repeat_count,
            silence_id, inhibiting_alert_id, inhibition_rule_id, placed_event_id,
            id, service_id, integration_id, dedup_key, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE alerts SET incident_id = ?, status = ?, summary = ?, source = ?, severity = ?, highest_severity = ?,
            component = ?, "group" = ?, class = ?, sent_at = ?, client = ?, client_url = ?, details_event_id = ?,
            links_event_id = ?, images_event_id = ?, updated_at = ?, resolved_at = ?, resolved_event_id = ?,
            trigger_count = ?, last_trigger_digest = ?, last_trigger_entry_id = ?, repeat_count = ?,
            silence_id = ?, inhibiting_alert_id = ?, inhibition_rule_id = ?, placed_event_id = ?
        WHERE id = ?
        """

    /// Binds what may change, then the id: the whole of `update`, and the beginning of `insertion`.
    static func bind(_ alert: Alert, to row: inout Binder) {
        row.add(alert.incidentID)
        row.add(alert.status.rawValue)
        row.add(alert.data.summary ?? "")
        row.add(alert.data.source ?? "")
        row.add(alert.severity.rawValue)
        row.add(alert.highestSeverity.rawValue)
        AlertDataColumns.bind(alert.data, to: &row)
        row.add(alert.detailsEventID)
        row.add(alert.linksEventID)
        row.add(alert.imagesEventID)
        row.add(alert.updatedAt)
        row.add(alert.resolvedAt)
        row.add(alert.resolvedEventID)
        row.add(alert.triggerCount)
        row.add(alert.lastTriggerDigest)
        row.add(alert.lastTriggerLogEntryID)
        row.add(alert.repeatCount)
        row.add(alert.suppression?.silence)
        row.add(alert.suppression?.inhibition?.source)
        row.add(alert.suppression?.inhibition?.rule)
        row.add(alert.placedEventID)
        row.add(alert.id)
    }

    /// Binds what never changes: the end of `insertion`.
    static func bindFixed(_ alert: Alert, to row: inout Binder) {
        row.add(alert.serviceID)
        row.add(alert.key.integrationID)
        row.add(alert.key.dedupKey.text)
        row.add(alert.createdAt)
    }
}

extension Suppression {
    /// The silence, where one holds back.
    var silence: SilenceID? {
        if case .silence(let id) = self { id } else { nil }
    }

    /// The rule and the alert, where an alert holds back.
    var inhibition: (rule: InhibitionRuleID, source: AlertID)? {
        if case .inhibition(let rule, let source) = self { (rule, source) } else { nil }
    }
}
