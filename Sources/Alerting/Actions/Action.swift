/// What the admin API or the command line asks for. It is a row of the log like any other, and the fold decides what
/// becomes of it; how it is stored stands in `Sources/Store/Log/StoredForm`.
public struct Action: Hashable, Sendable {
    /// Who asks.
    public var requester: Requester
    /// What is asked for.
    public var command: Command

    /// An action of that requester.
    public init(requester: Requester, command: Command) {
        self.requester = requester
        self.command = command
    }

    /// Who asks for an action.
    public enum Requester: Hashable, Sendable {
        /// A holder of a token, under the name that stood in `From` or on the token.
        case user(TokenID, name: String)
        /// The operator at the machine.
        case commandLine

        /// The requester as the agent of what it changes.
        public var agent: Agent {
            switch self {
            case .user(let token, let name): .user(token, name: name)
            case .commandLine: .commandLine
            }
        }
    }

    /// The things that can be asked for.
    public enum Command: Hashable, Sendable {
        /// Opens an incident that no event opened; the action's number becomes its own (rest-api.md section 5).
        case createIncident(IncidentDraft)
        /// Changes incidents, all or none of them (rest-api.md section 5.3). No incident stands in it twice.
        case updateIncidents([IncidentUpdate])
        /// Changes alerts of one incident, all or none of them (rest-api.md section 5.4). No alert stands in it twice.
        case updateAlerts(IncidentID, [AlertUpdate])
        /// Moves the alerts of the sources into the incident and resolves the sources (rest-api.md section 5.7). No source
        /// stands in it twice.
        case mergeIncidents(into: IncidentID, [IncidentID])
        /// Acknowledges an incident for so many seconds, 1 to 604,800; then it is triggered again (rest-api.md section
        /// 5.7).
        case snoozeIncident(IncidentID, seconds: Int64)
        /// Writes a note of 1 to 25,000 Unicode scalars on an incident (rest-api.md section 5.6).
        case addNote(IncidentID, content: String)
        /// Creates a service.
        case createService(ServiceSettings)
        /// Changes a service.
        case updateService(ServiceID, ServiceUpdate)
        /// Deletes a service that has no open incidents, with its integrations if that is asked for; without
        /// `withIntegrations` a service that has any is not deleted. Its name and their keys are free again.
        case deleteService(ServiceID, withIntegrations: Bool? = nil)
        /// Creates an integration of a service with that key.
        case createIntegration(
            service: ServiceID, name: String, key: String, defaultSeverity: Severity, heartbeatInterval: Int64? = nil)
        /// Changes an integration.
        case updateIntegration(IntegrationID, IntegrationUpdate)
        /// Deletes an integration that has no open alerts. Its key is free again.
        case deleteIntegration(IntegrationID)
        /// Makes an integration take no events.
        case disableIntegration(IntegrationID)
        /// Makes an integration take events again.
        case enableIntegration(IntegrationID)
        /// Gives an integration another key; the old one stays good until the given moment, if there is one.
        case rotateIntegrationKey(IntegrationID, key: String, previousKeyExpiresAt: Timestamp?)
        /// Creates a token with that SHA-256. The e-mail address is its holder's, for `From` (rest-api.md
        /// section 2).
        case createToken(name: String, hash: [UInt8], isReadOnly: Bool, email: String? = nil)
        /// Makes a token good for nothing.
        case revokeToken(TokenID)
        /// Silences what matches.
        case createSilence(SilenceDraft)
        /// Changes a silence that has not ended.
        case updateSilence(SilenceID, SilenceUpdate)
        /// Ends a silence before its time.
        case endSilence(SilenceID)
        /// Makes an inhibition rule.
        case createInhibitionRule(InhibitionRuleDraft)
        /// Deletes an inhibition rule: what it holds back is looked at again.
        case deleteInhibitionRule(InhibitionRuleID)

        /// Whether it may change a service, an integration, a token, a silence or a rule.
        public var changesSettings: Bool {
            switch self {
            case .createIncident, .updateIncidents, .updateAlerts, .mergeIncidents, .snoozeIncident, .addNote: false
            case .createService, .updateService, .deleteService, .createIntegration, .updateIntegration,
                .deleteIntegration, .disableIntegration, .enableIntegration, .rotateIntegrationKey, .createToken,
                .revokeToken, .createSilence, .updateSilence, .endSilence, .createInhibitionRule, .deleteInhibitionRule:
                true
            }
        }

        /// The name that stands in `events.action`.
        public var name: String { kind.rawValue }
    }
}
