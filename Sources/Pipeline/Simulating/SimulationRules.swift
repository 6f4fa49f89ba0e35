import Alerting

/// The rules that a simulation tries. What is nil stays as it was.
public struct SimulationRules: Sendable, Hashable {
    /// How services bring their alerts together; nil is not at all. A service that is not named keeps what it has.
    public var groupings: [ServiceID: AlertGrouping?]
    /// Silences that are in force all the time, in place of those that were.
    public var silences: [SilenceDraft]?
    /// Inhibition rules, in place of those that were.
    public var inhibitionRules: [InhibitionRuleDraft]?

    /// No other rules than there were.
    public init(
        groupings: [ServiceID: AlertGrouping?] = [:], silences: [SilenceDraft]? = nil,
        inhibitionRules: [InhibitionRuleDraft]? = nil
    ) {
        self.groupings = groupings
        self.silences = silences
        self.inhibitionRules = inhibitionRules
    }
}
