import Alerting

/// The rules that a simulation tries. What is nil stays as it was.
public struct SimulationRules: Sendable, Hashable {
    /// How services bring their alerts together, and what else is to be otherwise on them. A service that is not named keeps
    /// what it has.
    public var services: [ServiceID: ServiceUpdate]
    /// Silences that are in force all the time, in place of those that were.
    public var silences: [SilenceDraft]?
    /// Inhibition rules, in place of those that were.
    public var inhibitionRules: [InhibitionRuleDraft]?

    /// No other rules than there were.
    public init(
        services: [ServiceID: ServiceUpdate] = [:], silences: [SilenceDraft]? = nil,
        inhibitionRules: [InhibitionRuleDraft]? = nil
    ) {
        self.services = services
        self.silences = silences
        self.inhibitionRules = inhibitionRules
    }
}
