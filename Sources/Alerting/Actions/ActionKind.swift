extension Action {
    /// The kinds of command, by the names that stand in `events.action` and in the stored bodies. The names do not change:
    /// logs have them for ever.
    public enum Kind: String, Sendable, CaseIterable {
        case createIncident = "create_incident"
        case updateIncidents = "update_incidents"
        case updateAlerts = "update_alerts"
        case mergeIncidents = "merge_incidents"
        case snoozeIncident = "snooze_incident"
        case addNote = "add_note"
        case createService = "create_service"
        case updateService = "update_service"
        case deleteService = "delete_service"
        case createIntegration = "create_integration"
        case updateIntegration = "update_integration"
        case deleteIntegration = "delete_integration"
        case disableIntegration = "disable_integration"
        case enableIntegration = "enable_integration"
        case rotateIntegrationKey = "rotate_integration_key"
        case createToken = "create_token"
        case revokeToken = "revoke_token"
        case createSilence = "create_silence"
        case updateSilence = "update_silence"
        case endSilence = "end_silence"
        case createInhibitionRule = "create_inhibition_rule"
        case deleteInhibitionRule = "delete_inhibition_rule"
    }
}

extension Action.Command {
    /// Its kind.
    public var kind: Action.Kind {
        switch self {
        case .createIncident: .createIncident
        case .updateIncidents: .updateIncidents
        case .updateAlerts: .updateAlerts
        case .mergeIncidents: .mergeIncidents
        case .snoozeIncident: .snoozeIncident
        case .addNote: .addNote
        case .createService: .createService
        case .updateService: .updateService
        case .deleteService: .deleteService
        case .createIntegration: .createIntegration
        case .updateIntegration: .updateIntegration
        case .deleteIntegration: .deleteIntegration
        case .disableIntegration: .disableIntegration
        case .enableIntegration: .enableIntegration
        case .rotateIntegrationKey: .rotateIntegrationKey
        case .createToken: .createToken
        case .revokeToken: .revokeToken
        case .createSilence: .createSilence
        case .updateSilence: .updateSilence
        case .endSilence: .endSilence
        case .createInhibitionRule: .createInhibitionRule
        case .deleteInhibitionRule: .deleteInhibitionRule
        }
    }
}
