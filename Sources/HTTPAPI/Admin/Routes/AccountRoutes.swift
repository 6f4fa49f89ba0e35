import WireJSON

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
