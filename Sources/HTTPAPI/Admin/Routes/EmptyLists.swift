import Store
import WireJSON

/// The lists of PagerDuty's API that are always empty here: nothing of the kind exists, and clients walk these paths on
/// their way to what does.
enum EmptyList: String, Sendable, Hashable, CaseIterable {
    case notifications, priorities, schedules, teams, vendors
    case contactMethods = "contact_methods"
    case notificationRules = "notification_rules"
    case pastIncidents = "past_incidents"
    case relatedIncidents = "related_incidents"

    /// What a list belongs to.
    enum Owner {
        case account, user, incident
    }

    /// What the list belongs to.
    var owner: Owner {
        switch self {
        case .notifications, .priorities, .schedules, .teams, .vendors: .account
        case .contactMethods, .notificationRules: .user
        case .pastIncidents, .relatedIncidents: .incident
        }
    }

    /// Where the list is.
    var path: String {
        switch owner {
        case .account: rawValue
        case .user: "users/:id/" + rawValue
        case .incident: "incidents/:id/" + rawValue
        }
    }
}

extension AdminCall {
    /// Answers with the empty list, in the form that PagerDuty's has. Its owner has to be there.
    func listNothing(
        _ list: EmptyList, of owner: String?, _ parameters: QueryParameters
    ) throws(AdminError) {
        // What the list could include is read like everywhere: a misspelt parameter is refused before anybody relies on it.
        _ = Includes(parameters)
        switch list.owner {
        case .account:
            let page = try parameters.page()
            read { _ in AdminResponse(list: list.rawValue, Page<JSONValue>.empty(for: page), page) { $0 } }
        case .user:
            let id = try Identifiers.number(.token, owner ?? "")
            read { connection in
                guard try TokenQueries.users(connection).user(ofToken: id) != nil else { throw AdminError.notFound }
                return AdminResponse(json: .object([JSONValue.Member(list.rawValue, [])]))
            }
        case .incident:
            let id = try Identifiers.incident(owner ?? "")
            var members = [JSONValue.Member(list.rawValue, [])]
            if list == .pastIncidents {
                members.append(JSONValue.Member("total", 0))
                members.append(JSONValue.Member("limit", JSONValue(AdminCall.pastIncidentsLimit)))
            }
            read { [members] connection in
                try requireIncident(id, connection)
                return AdminResponse(json: .object(members))
            }
        }
    }

    /// How many past incidents PagerDuty shows unless asked for more or fewer.
    private static let pastIncidentsLimit: Int64 = 5
}
