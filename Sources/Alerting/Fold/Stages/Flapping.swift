/// An alert that goes and comes all the time has one incident, which stays open until it has been quiet for a while
/// (docs/noise.md).
enum Flapping {
    /// The group by which the next alert of a key joins the incident that flaps.
    static func groupKey(of key: AlertKey, service: ServiceID) -> AlertGroupKey {
        AlertGroupKey(
            serviceID: service,
            value: Array("\(AlertGroupKind.flappingPrefix)\(key.integrationID):\(key.dedupKey.text)".utf8))
    }

    /// It has been quiet for long enough: the incident resolves where nothing of it is open, and goes on as any where
    /// something is.
    static func release(_ incident: Incident, event: Event, in state: inout FoldState) {
        guard incident.openAlertCount > 0 || incident.storm?.until != nil else {
            return state.resolve(
                incident, by: .service(incident.serviceID), note: nil, event: event.id, at: event.receivedAt)
        }
        state.updateIncident(incident.id) { incident in
            incident.flappingUntil = nil
            incident.flapChanges = 0
            incident.updatedAt = event.receivedAt
        }
    }
}

extension FoldState {
    /// Counts that an alert opened or was resolved in an incident, and has that stay open where it flaps.
    mutating func noteStateChange(
        of id: AlertID, in incidentID: IncidentID, event: EventID, at now: Timestamp
    ) {
        guard let alert = alerts[id], let incident = incidents[incidentID],
            let detection = services[alert.serviceID]?.flapDetection
        else { return }
        guard incident.flappingUntil == nil else {
            return updateIncident(incidentID) { incident in
                incident.flappingUntil = now.adding(seconds: detection.quiet)
                incident.flapChanges += 1
            }
        }
        let start = now.adding(seconds: -detection.window)
        let recent = recentAlerts(alert.key, count: detection.changes).filter { $0.changes(since: start) > 0 }
        let changes = recent.reduce(0) { $0 + $1.changes(since: start) }
        guard changes >= detection.changes else { return }
        updateIncident(incidentID) { incident in
            incident.flappingUntil = now.adding(seconds: detection.quiet)
            incident.flapChanges = changes
            incident.updatedAt = now
        }
        setGroup(
            AlertGroup(key: Flapping.groupKey(of: alert.key, service: alert.serviceID), incidentID: incidentID),
            until: nil)
        for earlier in recent where earlier.incidentID != incidentID { recordFlapLink(of: id, to: earlier.id) }
        log(.annotate, event: event, at: now, incident: incident, alert: id, agent: .service(incident.serviceID)) {
            $0.note =
                "Flapping: \(changes) changes within \(detection.window / 60) minutes. The incident stays open until "
                + "nothing has changed for \(detection.quiet / 60) minutes."
        }
    }
}

extension Alert {
    /// How often it changed since a moment: its opening, and its resolve.
    fileprivate func changes(since start: Timestamp) -> Int64 {
        (createdAt >= start ? 1 : 0) + (resolvedAt.map { $0 >= start } == true ? 1 : 0)
    }
}
