/// The changes of state that incidents go through, whoever asks for them.
extension FoldState {
    /// Acknowledges an incident, or renews its acknowledgement. A timeout of the service starts anew.
    mutating func acknowledge(
        _ incident: Incident, by agent: Agent, loggedAs logged: Agent, alert: AlertID? = nil, event: EventID,
        at now: Timestamp
    ) {
        let timeout = services[incident.serviceID]?.acknowledgementTimeout
        updateIncident(incident.id) { incident in
            if incident.status == .triggered {
                incident.status = .acknowledged
                incident.lastStatusChangeAt = now
                incident.lastStatusChangeBy = agent
            }
            incident.acknowledgements.removeAll { $0.agent == agent }
            incident.acknowledgements.append(Acknowledgement(at: now, agent: agent))
            incident.acknowledgementExpiresAt = timeout.map(now.adding(seconds:))
            incident.updatedAt = now
        }
        log(.acknowledge, event: event, at: now, incident: incident, alert: alert, agent: logged) {
            $0.acknowledgementTimeout = timeout ?? 0
        }
    }

    /// Turns an acknowledged incident back to triggered.
    mutating func unacknowledge(_ incident: Incident, by agent: Agent, event: EventID, at now: Timestamp) {
        updateIncident(incident.id) { incident in
            incident.status = .triggered
            incident.lastStatusChangeAt = now
            incident.lastStatusChangeBy = agent
            incident.acknowledgements = []
            incident.acknowledgementExpiresAt = nil
            incident.updatedAt = now
        }
        log(.unacknowledge, event: event, at: now, incident: incident, agent: agent)
    }

    /// Resolves an incident with all of its open alerts.
    mutating func resolve(_ incident: Incident, by agent: Agent, note: String?, event: EventID, at now: Timestamp) {
        for alert in alerts(ofIncident: incident.id) where alert.status == .triggered {
            closeAlert(alert, event: event, at: now)
        }
        log(.resolve, event: event, at: now, incident: incident, agent: agent) { $0.note = note }
        close(incident.id, by: agent, event: event, at: now)
    }

    /// Reopens a resolved incident with the alerts that were resolved together with it. None of their keys may be open
    /// elsewhere.
    mutating func reopen(_ incident: Incident, by agent: Agent, event: EventID, at now: Timestamp) {
        for alert in alerts(ofIncident: incident.id) where alert.resolvedEventID == incident.resolvedEventID {
            updateAlert(alert.id) { alert in
                alert.status = .triggered
                alert.resolvedAt = nil
                alert.resolvedEventID = nil
                alert.updatedAt = now
            }
            updateIncident(incident.id) { incident in
                incident.openAlertCount += 1
                incident.openHighUrgencyCount += alert.severity.urgency.count
            }
        }
        let timeout = services[incident.serviceID]?.autoResolveTimeout
        updateIncident(incident.id) { incident in
            incident.status = .triggered
            incident.resolvedAt = nil
            incident.resolvedEventID = nil
            incident.lastStatusChangeAt = now
            incident.lastStatusChangeBy = agent
            incident.autoResolveAt = timeout.map(now.adding(seconds:))
            incident.updatedAt = now
        }
        log(.reopen, event: event, at: now, incident: incident, agent: agent)
        recomputeUrgency(of: incident.id, event: event, at: now, agent: agent)
    }

    /// Marks an alert resolved and takes it off its incident's counts.
    mutating func closeAlert(_ alert: Alert, event: EventID, at now: Timestamp) {
        updateAlert(alert.id) { alert in
            alert.status = .resolved
            alert.resolvedAt = now
            alert.resolvedEventID = event
            alert.updatedAt = now
        }
        updateIncident(alert.incidentID) { incident in
            incident.openAlertCount -= 1
            incident.openHighUrgencyCount -= alert.severity.urgency.count
            incident.updatedAt = now
        }
    }

    /// Marks an incident resolved. Its alerts are seen to by the caller.
    mutating func close(_ id: IncidentID, by agent: Agent, event: EventID, at now: Timestamp) {
        updateIncident(id) { incident in
            incident.status = .resolved
            incident.resolvedAt = now
            incident.resolvedEventID = event
            incident.lastStatusChangeAt = now
            incident.lastStatusChangeBy = agent
            incident.acknowledgements = []
            incident.acknowledgementExpiresAt = nil
            incident.autoResolveAt = nil
            incident.updatedAt = now
        }
    }

    /// Sets an incident's urgency by its open alerts, unless it has none or a person set it. A change is logged and
    /// notifies nobody.
    mutating func recomputeUrgency(of id: IncidentID, event: EventID, at now: Timestamp, agent: Agent) {
        guard let incident = incidents[id], incident.openAlertCount > 0, !incident.isUrgencySetByHand else { return }
        let urgency: Urgency = incident.openHighUrgencyCount > 0 ? .high : .low
        guard urgency != incident.urgency else { return }
        setUrgency(urgency, of: incident, by: agent, event: event, at: now)
    }

    /// Sets and logs an urgency.
    mutating func setUrgency(
        _ urgency: Urgency, of incident: Incident, by agent: Agent, event: EventID, at now: Timestamp
    ) {
        updateIncident(incident.id) { incident in
            incident.urgency = urgency
            incident.updatedAt = now
        }
        log(.urgencyChange, event: event, at: now, incident: incident, agent: agent) { $0.urgency = urgency }
    }
}
