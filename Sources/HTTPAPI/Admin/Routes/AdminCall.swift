import Alerting
import Store
import WireJSON

/// One admitted request on its way to an answer.
struct AdminCall: Sendable {
    let api: AdminAPI
    let request: AdminRequest
    let token: APIToken
    let parameters: QueryParameters
    /// Whether the path is of a resource that PagerDuty does not have.
    let isOfOwnResource: Bool
    /// What `self` URLs begin with.
    let baseURL: String
    /// Called once.
    let completion: @Sendable (AdminResponse) -> Void

    /// Answers. The names are the segments of the path that the route does not spell out.
    func run(_ route: AdminRoute, names: [String]) {
        do {
            let times = try TimeParameters(parameters)
            let input = RouteInput(
                names: names, parameters: parameters, times: times, includes: Includes(parameters))
            try route.handler(self, input)
        } catch {
            completion(AdminError(backend: error).response)
        }
    }

    /// Runs the body on a snapshot of the database, and answers with what it gives or with its error.
    ///
    /// A list is refused instead where its query has a name that is misspelt.
    func read(_ body: @escaping @Sendable (Connection) throws -> AdminResponse) {
        if let refusal = parameters.refusal(isOwnList: isOfOwnResource) { return completion(refusal.response) }
        api.backend.read(body) { [completion] result in
            switch result {
            case .success(let response): completion(response)
            case .failure(let error): completion(AdminError(backend: error).response)
            }
        }
    }

    /// Writes the objects of this answer.
    func writer(_ resources: Resources, _ times: TimeParameters) -> ObjectWriter {
        ObjectWriter(
            baseURL: baseURL, time: TimeFormat(zone: times.zone), showsKeys: !token.isReadOnly, now: api.now(),
            resources: resources)
    }
}
