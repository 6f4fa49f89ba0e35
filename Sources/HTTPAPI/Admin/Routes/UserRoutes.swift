import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /users`: the users that the tokens make up (docs/rest-clients.md).
    func listUsers(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let query = parameters.text("query")?.lowercased()
        respond(times) { users, writer in
            let found = users.users.filter { user in
                guard let query else { return true }
                return user.name.lowercased().contains(query) || user.email?.lowercased().contains(query) == true
            }
            return AdminResponse(list: "users", Page(of: found, request: page), page) { writer.user($0) }
        }
    }

    /// `GET /users/{id}`: where the `self` of a user leads. The id of any of its tokens leads there too.
    func showUser(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.token, text)
        respond(times) { users, writer in
            guard let user = users.user(ofToken: id) else { throw AdminError.notFound }
            return AdminResponse(json: ["user": writer.user(user)])
        }
    }

    /// `GET /users/me`: the user who holds the token, if the token has an e-mail address.
    func showCurrentUser(_ times: TimeParameters) {
        guard token.email != nil else { return completion(AdminCall.noCurrentUser) }
        respond(times) { [token] users, writer in
            guard let user = users.user(ofToken: token.id) else { return AdminCall.noCurrentUser }
            return AdminResponse(json: ["user": writer.user(user)])
        }
    }

    /// Answers with what the body makes of the users.
    private func respond(
        _ times: TimeParameters, _ body: @escaping @Sendable (UserBook, ObjectWriter) throws -> AdminResponse
    ) {
        read { connection in
            var resources = Resources(connection)
            try resources.loadUsers()
            return try body(resources.users, writer(resources, times))
        }
    }

    /// The answer to `GET /users/me` for a token without an e-mail address. The Python clients look for these words in an
    /// `error` that is a plain string.
    private static let noCurrentUser = AdminResponse(
        json: [
            "error": "The current user cannot be determined with an account-level access token."
        ], status: 400)
}
