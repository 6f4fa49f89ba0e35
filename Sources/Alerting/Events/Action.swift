/// What the admin API or the command line asks for. It is a row of the log like any other, and the fold decides what
/// becomes of it; its stored body is this value as compact JSON with sorted members.
public struct Action: Hashable, Sendable, Codable {
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
    public enum Requester: Hashable, Sendable, Codable {
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
    public enum Command: Hashable, Sendable, Codable {
        /// Changes incidents, all or none of them (rest-api.md section 5.3). No incident stands in it twice.
        case updateIncidents([IncidentUpdate])
        /// Creates a service.
        case createService(ServiceSettings)
        /// Creates an integration of a service with that key.
        case createIntegration(service: ServiceID, name: String, key: String, defaultSeverity: Severity)
        /// Makes an integration take no events.
        case disableIntegration(IntegrationID)
        /// Makes an integration take events again.
        case enableIntegration(IntegrationID)
        /// Gives an integration another key; the old one stays good until the given moment, if there is one.
        case rotateIntegrationKey(IntegrationID, key: String, previousKeyExpiresAt: Timestamp?)
        /// Creates a token with that SHA-256.
        case createToken(name: String, hash: [UInt8], isReadOnly: Bool)
        /// Makes a token good for nothing.
        case revokeToken(TokenID)

        /// The name that stands in `events.action`.
        public var name: String {
            switch self {
            case .updateIncidents: "update_incidents"
            case .createService: "create_service"
            case .createIntegration: "create_integration"
            case .disableIntegration: "disable_integration"
            case .enableIntegration: "enable_integration"
            case .rotateIntegrationKey: "rotate_integration_key"
            case .createToken: "create_token"
            case .revokeToken: "revoke_token"
            }
        }
    }
}

/// One element of `PUT /incidents`: what is nil stays as it is.
public struct IncidentUpdate: Hashable, Sendable, Codable {
    /// The incident to change.
    public var incidentID: IncidentID
    /// The status it shall have; `triggered` on a resolved incident reopens it.
    public var status: IncidentStatus?
    /// The title it shall have, 1 to 1024 Unicode scalars.
    public var title: String?
    /// The urgency it shall have, until the next new alert or change of severity.
    public var urgency: Urgency?
    /// The note of the resolve log entry.
    public var resolution: String?

    /// A change of one incident.
    public init(
        incidentID: IncidentID, status: IncidentStatus? = nil, title: String? = nil, urgency: Urgency? = nil,
        resolution: String? = nil
    ) {
        self.incidentID = incidentID
        self.status = status
        self.title = title
        self.urgency = urgency
        self.resolution = resolution
    }
}

/// What can be set on a service.
public struct ServiceSettings: Hashable, Sendable, Codable {
    /// Its name, unique, 1 to 255 Unicode scalars.
    public var name: String
    /// Free text.
    public var description: String
    /// Seconds, or nil for never. Zero and less is never, too.
    public var acknowledgementTimeout: Int64?
    /// Seconds, or nil for never. Zero and less is never, too.
    public var autoResolveTimeout: Int64?

    /// The settings of a service.
    public init(
        name: String, description: String = "", acknowledgementTimeout: Int64? = nil, autoResolveTimeout: Int64? = nil
    ) {
        self.name = name
        self.description = description
        self.acknowledgementTimeout = acknowledgementTimeout
        self.autoResolveTimeout = autoResolveTimeout
    }
}
