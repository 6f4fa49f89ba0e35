import Alerting
import Store

/// What agents are called, as the REST API calls them.
struct AgentNames {
    private let services: [ServiceID: Service]
    private let integrations: [IntegrationID: Integration]

    /// Reads the names of these agents.
    init(of agents: [Agent], _ connection: Connection) throws {
        var serviceIDs: Set<ServiceID> = []
        var integrationIDs: Set<IntegrationID> = []
        for agent in agents {
            switch agent {
            case .service(let id): serviceIDs.insert(id)
            case .integration(let id, _): integrationIDs.insert(id)
            case .user, .commandLine: break
            }
        }
        services = try ServiceQueries.services(serviceIDs, connection)
        integrations = try ServiceQueries.integrations(integrationIDs, connection)
    }

    /// What one of them is called.
    subscript(agent: Agent) -> String {
        switch agent {
        case .service(let id): services[id]?.name ?? ExternalID.string(.service, id)
        case .integration(let id, _): integrations[id]?.name ?? ExternalID.string(.integration, id)
        case .user(_, let name): name
        case .commandLine: "Command line"
        }
    }
}
