import Alerting
import Store
import WireJSON

extension AdminCall {
    /// More services than any list reaches are not named.
    private static let maximumServices: Int64 = 10_000

    /// `GET /escalation_policies`: the one that there is.
    func listEscalationPolicies(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let query = parameters.text("query")?.lowercased()
        let isNamed = query.map { EscalationPolicy.name.lowercased().contains($0) } ?? true
        let assignees = parameters.numbers("user_ids", .token)
        let hasTeams = parameters.set("team_ids") != nil
        withPolicy(times) { users, policy in
            let isOfUsers = assignees.map { $0.contains { users.user(ofToken: $0)?.isAssignable == true } } ?? true
            let found = isNamed && isOfUsers && !hasTeams ? [policy] : []
            return AdminResponse(list: "escalation_policies", Page(of: found, request: page), page) { $0 }
        }
    }

    /// `GET /escalation_policies/{id}`.
    func showEscalationPolicy(_ text: String, _ times: TimeParameters) throws(AdminError) {
        guard text == EscalationPolicy.id else { throw .notFound }
        withPolicy(times) { _, policy in AdminResponse(json: ["escalation_policy": policy]) }
    }

    /// `GET /oncalls`: every user with an e-mail address is on call, always, as open incidents are assigned to them.
    func listOnCalls(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let wanted = parameters.numbers("user_ids", .token)
        let policies = parameters.set("escalation_policy_ids")
        let isEmpty = parameters.set("schedule_ids") != nil || policies?.contains(EscalationPolicy.id) == false
        let includes = Includes(parameters)
        read { connection in
            var resources = Resources(connection)
            try resources.loadUsers()
            let users = resources.users
            let ids = wanted.map { Set($0.map { users.id(ofToken: $0) }) }
            let found = isEmpty ? [] : users.assignees.filter { ids?.contains($0.id) ?? true }
            let writer = writer(resources, times)
            return AdminResponse(list: "oncalls", Page(of: found, request: page), page) { writer.onCall($0, includes) }
        }
    }

    private func withPolicy(
        _ times: TimeParameters, _ body: @escaping @Sendable (UserBook, JSONValue) -> AdminResponse
    ) {
        read { connection in
            let services = try ServiceQueries.list(
                ServiceFilter(), page: PageRequest(limit: AdminCall.maximumServices), connection
            ).elements.map(\.id)
            var resources = Resources(connection)
            try resources.loadUsers()
            try resources.load(services: services, expanding: false)
            return body(resources.users, writer(resources, times).escalationPolicy(of: services))
        }
    }
}
