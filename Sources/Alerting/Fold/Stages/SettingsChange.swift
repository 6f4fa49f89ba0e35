/// A change of services, integrations or tokens. The event's number becomes the id of what it creates.
struct SettingsChange {
    let event: EventID
    let now: Timestamp

    func createService(_ settings: ServiceSettings, in state: inout FoldState) throws(RefusedAction) {
        let namesake = state.services.values.first { $0.name.utf8.elementsEqual(settings.name.utf8) }
        if let namesake { throw RefusedAction(.serviceNameTaken, namesake.id) }
        state.set(
            Service(
                id: event, name: settings.name, description: settings.description, createdAt: now,
                acknowledgementTimeout: SettingsChange.timeout(settings.acknowledgementTimeout),
                autoResolveTimeout: SettingsChange.timeout(settings.autoResolveTimeout)))
    }

    /// Whoever wrote the row of the log, a timeout that is no time at all means never, as no timeout does.
    private static func timeout(_ seconds: Int64?) -> Int64? {
        seconds.flatMap { $0 > 0 ? $0 : nil }
    }

    func createIntegration(
        service: ServiceID, name: String, key: String, severity: Severity, in state: inout FoldState
    ) throws(RefusedAction) {
        guard state.services[service] != nil else { throw RefusedAction(.unknownService, service) }
        try requireFree(key, in: state)
        state.set(
            Integration(
                id: event, serviceID: service, name: name, key: key, defaultSeverity: severity, createdAt: now))
    }

    func setIntegration(
        _ id: IntegrationID, isEnabled: Bool, in state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        var integration = try integration(id, in: state)
        guard (integration.disabledAt == nil) != isEnabled else { return .unchanged(nil) }
        integration.disabledAt = isEnabled ? nil : now
        state.set(integration)
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
    func createToken(name: String, hash: [UInt8], isReadOnly: Bool, in state: inout FoldState) -> Outcome {
        guard !state.tokens.values.contains(where: { $0.hash == hash }) else { return .unchanged(nil) }
        state.set(APIToken(id: event, name: name, hash: hash, isReadOnly: isReadOnly, createdAt: now))
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
        guard let integration = state.integrations[id] else { throw RefusedAction(.unknownIntegration, id) }
        return integration
    }

    /// A key names one integration. A former key that has run out is free again, and its own former key an integration
    /// may always have back. Goes by number, so that the refusal names the same integration at every fold.
    private func requireFree(
        _ key: String, for taker: IntegrationID? = nil, in state: FoldState
    ) throws(RefusedAction) {
        for integration in state.integrations.values.sorted(by: { $0.id < $1.id }) {
            let isFormer =
                integration.id != taker && integration.previousKey == key
                && (integration.previousKeyExpiresAt ?? now) > now
            if integration.key == key || isFormer { throw RefusedAction(.integrationKeyTaken, integration.id) }
        }
    }
}
