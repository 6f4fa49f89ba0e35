/// While a service has too many new incidents, its new alerts join one (docs/noise.md).
struct Storming: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        guard let detection = candidate.service.stormDetection else { return nil }
        let takers = state.openGroups(Storming.groupKey(of: candidate.service.id), at: candidate.now).filter { id in
            guard let incident = state.incidents[id] else { return false }
            return incident.isInStorm(at: candidate.now) && incident.alertCount < Storm.maximumAlertCount
        }
        guard let id = takers.min(), let incident = state.incidents[id] else { return nil }
        state.join(incident, candidate)
        Storming.count(candidate, into: id, detection, in: &state)
        state.noteStateChange(of: candidate.alert.id, in: id, event: candidate.event, at: candidate.now)
        return .grouped(candidate.alert.id, id, .storm)
    }

    /// The group of all alerts of a service that is in a storm.
    static func groupKey(of service: ServiceID) -> AlertGroupKey {
        AlertGroupKey(serviceID: service, value: Array(AlertGroupKind.stormValue.utf8))
    }

    /// The incidents with which a candidate's would be too many; nil where it would not. Where that of the storm is full,
    /// just this one.
    static func tooMany(before candidate: Candidate, in state: FoldState) -> [RecentIncidents.Opening]? {
        guard let detection = candidate.service.stormDetection, let threshold = detection.thresholds.first else {
            return nil
        }
        let full = state.openGroups(groupKey(of: candidate.service.id), at: candidate.now).compactMap {
            state.incidents[$0]
        }
        if let last = full.filter({ $0.isInStorm(at: candidate.now) }).max(by: { $0.id < $1.id }) {
            return [RecentIncidents.Opening(at: last.createdAt, id: last.id)]
        }
        let recent = state.recentIncidents(
            ofService: candidate.service.id, count: threshold, before: candidate.now)
        return recent.count < threshold ? nil : recent
    }

    /// Has the incident that a candidate opened take what comes after it.
    static func start(
        _ id: IncidentID, with candidate: Candidate, after recent: [RecentIncidents.Opening], in state: inout FoldState
    ) {
        guard let detection = candidate.service.stormDetection, let first = recent.last else { return }
        state.updateIncident(id) { incident in
            incident.storm = Storm(
                level: 1, until: candidate.now.adding(seconds: detection.quiet), countedSince: first.at,
                count: Int64(recent.count) + 1)
        }
        state.setGroup(AlertGroup(key: groupKey(of: candidate.service.id), incidentID: id), until: nil)
        for earlier in recent { state.recordStormLink(of: id, to: earlier.id) }
        announce(1, of: id, candidate, detection, in: &state)
    }

    /// Counts an alert that joined.
    private static func count(
        _ candidate: Candidate, into id: IncidentID, _ detection: StormDetection, in state: inout FoldState
    ) {
        guard var storm = state.incidents[id]?.storm else { return }
        let isLate = storm.countedSince.adding(seconds: StormDetection.window) <= candidate.now
        if isLate || candidate.now < storm.countedSince {
            storm.countedSince = candidate.now
            storm.count = 0
        }
        storm.count += 1
        let passed = detection.thresholds.filter { $0 < storm.count }.count
        let end = candidate.now.adding(seconds: detection.quiet)
        // Where the clock was set back, the storm lasts no longer for that.
        storm.until = passed > 0 ? end : storm.until.map { min($0, end) }
        let former = storm.level
        storm.level = max(former, Int64(passed))
        state.updateIncident(id) { $0.storm = storm }
        if storm.level > former { announce(storm.level, of: id, candidate, detection, in: &state) }
    }

    private static func announce(
        _ level: Int64, of id: IncidentID, _ candidate: Candidate, _ detection: StormDetection,
        in state: inout FoldState
    ) {
        guard let incident = state.incidents[id] else { return }
        let threshold = detection.thresholds[Int(level) - 1]
        let sample = [candidate.alert.data.summary, candidate.alert.data.source].compactMap { $0 }
        state.log(
            .annotate, event: candidate.event, at: candidate.now, incident: incident, alert: candidate.alert.id,
            agent: .service(incident.serviceID)
        ) { entry in
            entry.note =
                "Storm, level \(level): more than \(threshold) new incidents within a minute. New alerts of the service "
                + "join this incident until there have been no more than \(detection.thresholds[0]) a minute for "
                + "\(detection.quiet) seconds. The newest: \(sample.joined(separator: ", "))."
        }
    }

    /// It has been quieter for long enough: the next alerts open incidents of their own. The storm's resolves where nothing
    /// of it is open, and goes on as any where something is.
    static func end(_ incident: Incident, event: Event, in state: inout FoldState) {
        let (id, now) = (incident.id, event.receivedAt)
        state.updateIncident(id) { incident in
            incident.storm?.until = nil
            incident.updatedAt = now
        }
        state.endGroup(AlertGroup(key: groupKey(of: incident.serviceID), incidentID: id))
        state.log(.annotate, event: event.id, at: now, incident: incident, agent: .service(incident.serviceID)) {
            $0.note = "The storm is over: \(incident.alertCount) alerts, \(incident.openAlertCount) of them open."
        }
        guard incident.openAlertCount == 0, incident.flappingUntil == nil else { return }
        state.resolve(incident, by: .service(incident.serviceID), note: nil, event: event.id, at: now)
    }
}
