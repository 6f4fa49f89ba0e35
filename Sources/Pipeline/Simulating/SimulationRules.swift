import Alerting

/// The rules that a simulation tries. What is nil stays as it was.
public struct SimulationRules: Sendable, Hashable {
    /// How services bring their alerts together, and what else is to be otherwise on them. A service that is not named keeps
    /// what it has.
    public var services: [ServiceID: ServiceUpdate]
    /// Silences in place of those that were, each in force in its window or, of one that comes back, in all its windows. A
    /// window outside the time that is simulated has no effect. One that is in force throughout has the window `always`.
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
