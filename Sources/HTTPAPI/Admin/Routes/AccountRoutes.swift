import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /users`: one pseudo-user for each token (rest-api.md section 5).
    func listUsers(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        read { connection in
            let tokens = try TokenQueries.list(page: page, connection)
            let writer = writer(Resources(connection), times)
            return AdminResponse(list: "users", tokens, page) { writer.user($0) }
        }
    }

    /// `GET /users/{id}`: where the `self` of a user leads.
    func showUser(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.token, text)
        read { connection in
            guard let token = try TokenQueries.token(id, connection) else { throw AdminError.notFound }
            return AdminResponse(json: ["user": writer(Resources(connection), times).user(token)])
        }
    }

    /// The answer to `GET /users/me`: there is no user behind a token. The Python clients look for these words in an
    /// `error` that is a plain string.
    static let noCurrentUser = AdminResponse(
        json: [
            "error": "The current user cannot be determined with an account-level access token."
        ], status: 400)
}

/// What the account of the API can do, by PagerDuty's names as far as there are such.
enum Abilities {
    private static let present = ["change_events", "events_api_v1", "events_api_v2", "urgencies"]
    /// What other accounts may have, and this one lacks.
    private static let absent: Set<String> = [
        "advanced_reports", "coordinated_responding", "manage_api_keys", "manage_schedules", "permissions_service",
        "response_operations", "service_support_hours", "sso", "teams",
    ]

    /// `GET /abilities`.
    static let list = AdminResponse(json: ["abilities": .array(present.map { .string($0) })])

    /// `GET /abilities/{name}`: 204 if it is there, 402 if it could be, 404 if there is no such.
    static func response(to name: String) -> AdminResponse {
        if present.contains(name) { return AdminResponse(status: 204, headers: [], body: []) }
        guard absent.contains(name) else { return AdminError.notFound.response }
        return AdminResponse(status: 402, headers: [], body: [])
    }
}
