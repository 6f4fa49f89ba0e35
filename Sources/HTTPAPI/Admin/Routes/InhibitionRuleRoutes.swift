import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /inhibition_rules`: the newest first.
    func listInhibitionRules(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        read { connection in
            let rules = try InhibitionRuleQueries.list(page: page, connection)
            let counts = try InhibitionRuleQueries.counts(rules.elements.map(\.id), connection)
            let writer = writer(try resources(for: rules.elements, connection), times)
            return AdminResponse(list: "inhibition_rules", rules, page) {
                writer.inhibitionRule($0, suppressed: counts[$0.id] ?? 0)
            }
        }
    }

    /// `GET /inhibition_rules/{id}`: deleted ones, too.
    func showInhibitionRule(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.inhibitionRule, text)
        read { try inhibitionRuleResponse(id, times, $0) }
    }

    /// `GET /inhibition_rules/{id}/alerts`: what it holds back now.
    func listAlerts(
        inhibitedBy text: String, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let id = try Identifiers.number(.inhibitionRule, text)
        let page = try parameters.page()
        let includes = Includes(parameters)
        read { connection in
            guard try InhibitionRuleQueries.rules([id], connection)[id] != nil else { throw AdminError.notFound }
            let alerts = try InhibitionRuleQueries.alerts(heldBackBy: id, page: page, connection)
            return try response(to: alerts, page, includes, times, connection)
        }
    }

    /// `POST /inhibition_rules`.
    func createInhibitionRule(_ times: TimeParameters) throws(AdminError) {
        let draft = try InhibitionRuleChanges.draft(request.body)
        try perform(.createInhibitionRule(draft), path: []) { event, connection in
            try inhibitionRuleResponse(event, status: 201, times, connection)
        }
    }

    /// `DELETE /inhibition_rules/{id}`: what it holds back is looked at again.
    func deleteInhibitionRule(_ text: String) throws(AdminError) {
        let id = try Identifiers.number(.inhibitionRule, text)
        try perform(.deleteInhibitionRule(id), path: [id]) { _, _ in .noContent }
    }

    private func inhibitionRuleResponse(
        _ id: InhibitionRuleID, status: Int = 200, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        guard let rule = try InhibitionRuleQueries.rules([id], connection)[id] else { throw AdminError.notFound }
        let suppressed = try InhibitionRuleQueries.counts([id], connection)[id] ?? 0
        let writer = writer(try resources(for: [rule], connection), times)
        return AdminResponse(
            json: ["inhibition_rule": writer.inhibitionRule(rule, suppressed: suppressed)], status: status)
    }

    private func resources(for rules: [InhibitionRule], _ connection: Connection) throws -> Resources {
        var resources = Resources(connection)
        try resources.load(services: rules.compactMap(\.serviceID), expanding: false)
        try resources.load(agents: rules.map(\.createdBy), expanding: false)
        return resources
    }
}
