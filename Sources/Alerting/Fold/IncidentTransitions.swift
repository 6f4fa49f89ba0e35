/// The changes of state that incidents go through, whoever asks for them.
extension FoldState {
    /// Acknowledges an incident, or renews its acknowledgement. A timeout of the service starts anew, unless the incident
    /// is snoozed: then it has its own moment to come back.
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
            incident.acknowledgementExpiresAt = incident.snoozedUntil == nil ? timeout.map(now.adding(seconds:)) : nil
            incident.updatedAt = now
        }
        log(.acknowledge, event: event, at: now, incident: incident, alert: alert, agent: logged) {
            $0.acknowledgementTimeout = timeout ?? 0
        }
    }

    /// Acknowledges an incident until a moment at which it is triggered again.
    mutating func snooze(
        _ incident: Incident, until end: Timestamp, by agent: Agent, event: EventID, at now: Timestamp
    ) {
        if incident.status == .triggered {
            acknowledge(incident, by: agent, loggedAs: agent, event: event, at: now)
        }
        updateIncident(incident.id) { incident in
            incident.acknowledgementExpiresAt = nil
            incident.snoozedUntil = end
            incident.updatedAt = now
        }
        log(.snooze, event: event, at: now, incident: incident, agent: agent) { $0.snoozedUntil = end }
    }

    /// Turns an acknowledged incident back to triggered.
    mutating func unacknowledge(_ incident: Incident, by agent: Agent, event: EventID, at now: Timestamp) {
        updateIncident(incident.id) { incident in
            incident.status = .triggered
            incident.lastStatusChangeAt = now
            incident.lastStatusChangeBy = agent
            incident.acknowledgements = []
            incident.acknowledgementExpiresAt = nil
            incident.snoozedUntil = nil
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

    /// The alerts that come back when a resolved incident is reopened: those that were resolved together with it, and at
    /// least the one resolved last (decisions.md, "REST").
    func alertsToReopen(of incident: Incident) -> [Alert] {
        let all = alerts(ofIncident: incident.id)
        let together = all.filter { $0.status == .resolved && $0.resolvedEventID == incident.resolvedEventID }
        guard together.isEmpty, let last = all.max(by: { ($0.resolvedEventID ?? 0) < ($1.resolvedEventID ?? 0) })
        else { return together }
        return [last]
    }

    /// Reopens a resolved incident with its `alertsToReopen`. None of their keys may be open elsewhere.
    mutating func reopen(_ incident: Incident, by agent: Agent, event: EventID, at now: Timestamp) {
        for alert in alertsToReopen(of: incident) { reopenAlert(alert, at: now) }
        markReopened(incident, by: agent, event: event, at: now)
        recomputeUrgency(of: incident.id, event: event, at: now, agent: agent)
    }

    /// Marks a resolved incident triggered again. Its alerts are seen to by the caller.
    mutating func markReopened(
        _ incident: Incident, alert: AlertID? = nil, by agent: Agent, event: EventID, at now: Timestamp
    ) {
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
        log(.reopen, event: event, at: now, incident: incident, alert: alert, agent: agent)
    }

    /// Marks a resolved alert of an incident open again and adds it to the counts.
    mutating func reopenAlert(_ alert: Alert, at now: Timestamp) {
        guard let incidentID = alert.incidentID else { return }
        updateAlert(alert.id) { alert in
            alert.status = .triggered
            alert.resolvedAt = nil
            alert.resolvedEventID = nil
            alert.updatedAt = now
        }
        // While it was resolved it held nothing back.
        load(sources: [], ofAlert: alert.id)
        updateSources(of: alert.id, at: now)
        updateIncident(incidentID) { incident in
            incident.openAlertCount += 1
            incident.openHighUrgencyCount += alert.severity.urgency.count
            incident.updatedAt = now
        }
    }

    /// Marks an alert resolved and takes it off its incident's counts, if it is in one.
    mutating func closeAlert(_ alert: Alert, event: EventID, at now: Timestamp) {
        if alert.isHeldBack { setTimer(TimerKey(.release, alert.id), to: nil) }
        endSources(of: alert.id, at: now)
        // Whoever resolves it while nothing comes is told again after the same time.
        if alert.key.dedupKey == Heartbeat.dedupKey {
            noteHeartbeat(of: alert.key.integrationID, event: event, at: now, isSent: false)
        }
        updateAlert(alert.id) { alert in
            alert.status = .resolved
            alert.resolvedAt = now
            alert.resolvedEventID = event
            alert.updatedAt = now
        }
        guard let incidentID = alert.incidentID else { return }
        updateIncident(incidentID) { incident in
            incident.openAlertCount -= 1
            incident.openHighUrgencyCount -= alert.severity.urgency.count
            incident.updatedAt = now
        }
    }

    /// Moves an alert from its incident into another, on both sides' counts.
    mutating func move(_ alert: Alert, to target: IncidentID, at now: Timestamp) {
        guard let source = alert.incidentID else { return }
        let isOpen: Int64 = alert.status == .triggered ? 1 : 0
        let isHighUrgency = isOpen * alert.severity.urgency.count
        updateAlert(alert.id) { alert in
            alert.incidentID = target
            alert.updatedAt = now
        }
        updateIncident(source) { incident in
            incident.alertCount -= 1
            incident.openAlertCount -= isOpen
            incident.openHighUrgencyCount -= isHighUrgency
            incident.updatedAt = now
        }
        updateIncident(target) { incident in
            incident.alertCount += 1
            incident.openAlertCount += isOpen
            incident.openHighUrgencyCount += isHighUrgency
            incident.isUrgencySetByHand = false
            incident.updatedAt = now
        }
    }

    /// Marks an incident resolved; it takes no further alerts of its group. Its alerts are seen to by the caller.
    mutating func close(_ id: IncidentID, by agent: Agent, event: EventID, at now: Timestamp) {
        // Where alerts are not brought together, there are no groups.
        if let incident = incidents[id],
            services[incident.serviceID]?.bringsAlertsTogether == true || incident.storm != nil
        {
            endGroups(of: id)
        }
        updateIncident(id) { incident in
            incident.status = .resolved
            incident.resolvedAt = now
            incident.resolvedEventID = event
            incident.lastStatusChangeAt = now
            incident.lastStatusChangeBy = agent
            incident.acknowledgements = []
            incident.acknowledgementExpiresAt = nil
            incident.snoozedUntil = nil
            incident.autoResolveAt = nil
            incident.flappingUntil = nil
            incident.flapChanges = 0
            incident.storm?.until = nil
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
