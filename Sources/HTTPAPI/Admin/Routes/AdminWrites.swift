import Alerting
import Store

extension AdminCall {
    /// Has an action carried out, and answers with what the body reads then. `path` are the numbers that the path names:
    /// where one of them is not there, the answer is 404.
    func perform(
        _ command: Action.Command, path: Set<Int64>,
        _ answer: @escaping @Sendable (_ event: EventID, Connection) throws -> AdminResponse
    ) throws(AdminError) {
        perform(Action(requester: try requester(), command: command), path: path, answer)
    }

    /// The same, of a requester who is known.
    func perform(
        _ action: Action, path: Set<Int64>,
        _ answer: @escaping @Sendable (_ event: EventID, Connection) throws -> AdminResponse
    ) {
        api.backend.perform(action) { result in
            switch result {
            case .failure(let error): completion(AdminError(backend: error).response)
            case .success((let event, let outcome)):
                if let refusal = outcome.refusal {
                    let error = AdminError(refusal, subject: outcome.subject, inPath: path)
                    return completion(error.response)
                }
                guard ["applied", "unchanged"].contains(outcome.name) else {
                    return completion(AdminError.unexpected.response)
                }
                read { try answer(event, $0) }
            }
        }
    }

    /// Who asks: `From`, else the token's name. An API that is strict about `From` wants the e-mail address of a token
    /// there (rest-api.md section 2).
    func requester() throws(AdminError) -> Action.Requester {
        let isBlank: (Unicode.Scalar) -> Bool = \.properties.isWhitespace
        let given = request.header("From")?.unicodeScalars.drop(while: isBlank) ?? Substring.UnicodeScalarView()
        var scalars = given.prefix(TextLimit.name.maximum)
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        let name = String(scalars)
        if api.configuration.requiresFrom, !api.backend.knows(email: name) { throw .requesterNotFound }
        return .user(token.id, name: name.isEmpty ? token.name : name)
    }
}
