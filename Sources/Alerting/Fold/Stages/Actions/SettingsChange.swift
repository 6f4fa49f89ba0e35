/// A change of services, integrations or tokens. The event's number becomes the id of what it creates.
struct SettingsChange {
    let event: EventID
    let now: Timestamp

    func createService(_ settings: ServiceSettings, in state: inout FoldState) throws(RefusedAction) {
        try requireFree(serviceName: settings.name, in: state)
        var service = Service(
            id: event, name: settings.name, description: settings.description, createdAt: now,
            acknowledgementTimeout: SettingsChange.timeout(settings.acknowledgementTimeout),
            autoResolveTimeout: SettingsChange.timeout(settings.autoResolveTimeout))
        service.alertGrouping = settings.alertGrouping
        service.flapDetection = settings.flapDetection
        service.stormDetection = SettingsChange.valid(settings.stormDetection)
        state.set(service)
    }

    /// New timeouts are good for what is opened or acknowledged from now on.
    func updateService(
        _ id: ServiceID, _ update: ServiceUpdate, in state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        let former = try state.service(id)
        var service = former
        if let name = update.name {
            try requireFree(serviceName: name, for: id, in: state)
            service.name = name
        }
        service.description = update.description ?? service.description
        if let seconds = update.acknowledgementTimeout {
            service.acknowledgementTimeout = SettingsChange.timeout(seconds)
        }
        if let seconds = update.autoResolveTimeout { service.autoResolveTimeout = SettingsChange.timeout(seconds) }
        if let change = update.alertGrouping { service.alertGrouping = change.value }
        if let change = update.flapDetection { service.flapDetection = change.value }
        if let change = update.stormDetection { service.stormDetection = SettingsChange.valid(change.value) }
        if let isDisabled = update.isDisabled, isDisabled != (service.disabledAt != nil) {
            service.disabledAt = isDisabled ? now : nil
        }
        guard service != former || !service.name.utf8.elementsEqual(former.name.utf8) else { return .unchanged(nil) }
        // Groups of the former kind lead nowhere.
        if service.alertGrouping != former.alertGrouping { state.clearGroups(ofService: id, .grouping) }
        if (service.flapDetection == nil) != (former.flapDetection == nil) {
            state.clearGroups(ofService: id, .flapping)
        }
        if (service.stormDetection == nil) != (former.stormDetection == nil) {
            state.clearGroups(ofService: id, .storm)
        }
        state.set(service)
        // While it was off, its integrations were not heard.
        if service.disabledAt != former.disabledAt {
            for integration in state.integrations.values where integration.serviceID == id {
                state.noteHeartbeat(of: integration.id, event: event, at: now, isSent: false)
            }
        }
        return .applied(nil)
    }

    func deleteService(
        _ id: ServiceID, withIntegrations: Bool, in state: inout FoldState
    ) throws(RefusedAction) {
        var service = try state.service(id)
        let integrations = state.integrations.values.filter { $0.serviceID == id && $0.deletedAt == nil }
        guard withIntegrations || integrations.isEmpty, state.openIncidentCount(ofService: id) == 0 else {
            throw RefusedAction(.serviceInUse, id)
        }
        for integration in integrations { delete(integration, in: &state) }
        // Alerts that are held back are in no incident, and nothing can resolve them any more.
        if !integrations.isEmpty { state.releaseAlerts(heldBackOfService: id, at: now) }
        service.deletedAt = now
        state.set(service)
    }

    /// A name is compared by its bytes. Goes by number, so that the refusal names the same service at every fold.
    private func requireFree(
        serviceName name: String, for taker: ServiceID? = nil, in state: FoldState
    ) throws(RefusedAction) {
        let namesake = state.services.values
            .filter { $0.id != taker && $0.deletedAt == nil && $0.name.utf8.elementsEqual(name.utf8) }
            .min { $0.id < $1.id }
        if let namesake { throw RefusedAction(.serviceNameTaken, namesake.id) }
    }

    /// Whoever wrote the row of the log, a detection that keeps to no limits is none.
    private static func valid(_ detection: StormDetection?) -> StormDetection? {
        detection.flatMap { $0.isValid ? $0 : nil }
    }

    /// Whoever wrote the row of the log, a timeout that is no time at all means never, as no timeout does.
    private static func timeout(_ seconds: Int64?) -> Int64? {
        seconds.flatMap { $0 > 0 ? $0 : nil }
    }

    func createIntegration(
        service: ServiceID, name: String, key: String, severity: Severity, heartbeatInterval: Int64?,
        in state: inout FoldState
    ) throws(RefusedAction) {
        _ = try state.service(service)
        try requireFree(key, in: state)
        var integration = Integration(
            id: event, serviceID: service, name: name, key: key, defaultSeverity: severity, createdAt: now)
        integration.heartbeatInterval = heartbeatInterval.flatMap { Heartbeat.intervals.contains($0) ? $0 : nil }
        state.set(integration)
        state.noteHeartbeat(of: event, event: event, at: now, isSent: false)
    }

    func updateIntegration(
        _ id: IntegrationID, _ update: IntegrationUpdate, in state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        let former = try integration(id, in: state)
        var integration = former
        integration.name = update.name ?? integration.name
        integration.defaultSeverity = update.defaultSeverity ?? integration.defaultSeverity
        if let isDisabled = update.isDisabled, isDisabled != (integration.disabledAt != nil) {
            integration.disabledAt = isDisabled ? now : nil
        }
        if let seconds = update.heartbeatInterval {
            integration.heartbeatInterval = Heartbeat.intervals.contains(seconds) ? seconds : nil
        }
        guard integration != former || !integration.name.utf8.elementsEqual(former.name.utf8) else {
            return .unchanged(nil)
        }
        state.set(integration)
        // It has all of its time from now on.
        if integration.heartbeatInterval != former.heartbeatInterval || integration.disabledAt != former.disabledAt {
            state.noteHeartbeat(of: id, event: event, at: now, isSent: false)
        }
        return .applied(nil)
    }

    func deleteIntegration(_ id: IntegrationID, in state: inout FoldState) throws(RefusedAction) {
        let integration = try integration(id, in: state)
        guard state.openAlertCount(ofIntegration: id) == 0 else { throw RefusedAction(.integrationInUse, id) }
        delete(integration, in: &state)
    }

    private func delete(_ integration: Integration, in state: inout FoldState) {
        var integration = integration
        integration.deletedAt = now
        integration.previousKey = nil
        integration.previousKeyExpiresAt = nil
        state.set(integration)
    }

    func setIntegration(
        _ id: IntegrationID, isEnabled: Bool, in state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        var integration = try integration(id, in: state)
        guard (integration.disabledAt == nil) != isEnabled else { return .unchanged(nil) }
        integration.disabledAt = isEnabled ? nil : now
        state.set(integration)
        state.noteHeartbeat(of: id, event: event, at: now, isSent: false)
        return .applied(nil)
    }

    func rotateKey(
        of id: IntegrationID, to key: String, previousKeyExpiresAt expiry: Timestamp?, in state: inout FoldState
    ) throws(RefusedAction) {
        var integration = try integration(id, in: state)
        try requireFree(key, for: id, in: state)
        integration.previousKey = expiry == nil ? nil : integration.key
        integration.previousKeyExpiresAt = expiry
        integration.key = key
        state.set(integration)
    }

    /// A token is known by its hash: one that is there already is not made a second time.
    func createToken(
        name: String, hash: [UInt8], isReadOnly: Bool, email: String?, in state: inout FoldState
    ) -> Outcome {
        guard !state.tokens.values.contains(where: { $0.hash == hash }) else { return .unchanged(nil) }
        state.set(APIToken(id: event, name: name, hash: hash, isReadOnly: isReadOnly, email: email, createdAt: now))
        return .applied(nil)
    }

    func revokeToken(_ id: TokenID, in state: inout FoldState) throws(RefusedAction) -> Outcome {
        guard var token = state.tokens[id] else { throw RefusedAction(.unknownToken, id) }
        guard token.revokedAt == nil else { return .unchanged(nil) }
        token.revokedAt = now
        state.set(token)
        return .applied(nil)
    }

    private func integration(_ id: IntegrationID, in state: FoldState) throws(RefusedAction) -> Integration {
        guard let integration = state.integrations[id], integration.deletedAt == nil else {
            throw RefusedAction(.unknownIntegration, id)
        }
        return integration
    }

    /// A key names one integration. A former key that has run out is free again, and its own former key an integration
    /// may always have back. Goes by number, so that the refusal names the same integration at every fold.
    private func requireFree(
        _ key: String, for taker: IntegrationID? = nil, in state: FoldState
    ) throws(RefusedAction) {
        for integration in state.integrations.values.sorted(by: { $0.id < $1.id }) where integration.deletedAt == nil {
            let isFormer =
                integration.id != taker && integration.previousKey == key
                && (integration.previousKeyExpiresAt ?? now) > now
            if integration.key == key || isFormer { throw RefusedAction(.integrationKeyTaken, integration.id) }
        }
    }
}
