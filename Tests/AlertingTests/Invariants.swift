import Alerting
import Testing

/// What holds of every state that the fold comes to, whatever the log says.
func checkInvariants(_ state: FoldState, _ place: SourceLocation = #_sourceLocation) throws {
    var openKeys: Set<AlertKey> = []
    for alert in state.alerts.values where alert.status == .triggered {
        #expect(openKeys.insert(alert.key).inserted, "two open alerts of one key", sourceLocation: place)
        #expect(alert.resolvedAt == nil && alert.resolvedEventID == nil, sourceLocation: place)
    }
    for alert in state.alerts.values {
        #expect((alert.status == .resolved) == (alert.resolvedAt != nil), sourceLocation: place)
        #expect(alert.highestSeverity.rank >= alert.severity.rank, sourceLocation: place)
        #expect(alert.repeatCount < alert.triggerCount, sourceLocation: place)
        #expect(alert.data.summary != nil && alert.data.source != nil, sourceLocation: place)
        #expect(alert.updatedAt >= alert.createdAt, sourceLocation: place)
    }
    for incident in state.incidents.values {
        let alerts = state.alerts.values.filter { $0.incidentID == incident.id }
        let open = alerts.filter { $0.status == .triggered }
        #expect(incident.alertCount == alerts.count, sourceLocation: place)
        #expect(incident.openAlertCount == open.count, sourceLocation: place)
        #expect(
            incident.openHighUrgencyCount == open.filter { $0.severity.urgency == .high }.count, sourceLocation: place)
        #expect(incident.isOpen == !open.isEmpty, "an open incident has an open alert", sourceLocation: place)
        #expect((incident.status == .resolved) == (incident.resolvedAt != nil), sourceLocation: place)
        #expect((incident.status == .resolved) == (incident.resolvedEventID != nil), sourceLocation: place)
        #expect((incident.status == .acknowledged) == !incident.acknowledgements.isEmpty, sourceLocation: place)
        #expect(incident.status == .acknowledged || incident.acknowledgementExpiresAt == nil, sourceLocation: place)
        #expect(incident.isOpen || incident.autoResolveAt == nil, sourceLocation: place)
        #expect(incident.mergedInto == nil || !incident.isOpen, "a merged one stays resolved", sourceLocation: place)
        #expect(incident.status == .acknowledged || incident.snoozedUntil == nil, sourceLocation: place)
        #expect(incident.updatedAt >= incident.lastStatusChangeAt, sourceLocation: place)
    }
}
