/// Numbers that the fold decides by, of rows that are not at hand: as counted when the state was loaded, with what has
/// changed since. Only what was asked for is there.
struct FoldCounts: Sendable {
    /// A service and what its incidents are found by.
    struct ServiceKey: Hashable, Sendable {
        var serviceID: ServiceID
        var key: DedupKey
    }

    /// The notes of incidents.
    var notes: [IncidentID: Int64] = [:]
    /// The open incidents of services.
    var openIncidents: [ServiceID: Int64] = [:]
    /// The open alerts of integrations.
    var openAlerts: [IntegrationID: Int64] = [:]
}
