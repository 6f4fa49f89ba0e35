import Alerting
import Pipeline
import Store

/// Carries out what a command asks for.
enum Change {
    /// Appends the command to the log and has it applied. Gives the event's number, which is the id of what it created,
    /// and whether anything changed. Throws a `Failure` with the reason where it was refused.
    static func perform(_ command: Action.Command, in options: DatabaseOptions) throws -> (id: EventID, didChange: Bool)
    {
        let (id, outcome) = try options.reportingDamage { database in
            try Operator(database: database).perform(Action(requester: .commandLine, command: command))
        }
        if let refusal = outcome.refusal { throw Failure.refused(refusal.explanation(subject: outcome.subject)) }
        guard ["applied", "unchanged"].contains(outcome.name) else {
            let reason = outcome.reason.map { ": \($0)" } ?? ""
            throw Failure.refused("nothing was done; \(outcome.name)\(reason); see `alertgate explain \(id)`")
        }
        return (id, outcome.name == "applied")
    }

    /// Carries out a command whose result has a secret that is printed this once, and gives the number of what it created.
    /// `noun` is what that is called. Throws also as `perform` does.
    static func performShowingSecret(
        _ command: Action.Command, making noun: String, in options: DatabaseOptions
    ) throws -> EventID {
        do {
            return try perform(command, in: options).id
        } catch is WaitError {
            throw Failure.unavailable(
                "the daemon has not applied it in time; it will, but the secret was not printed: find the \(noun) with "
                    + "`alertgate \(noun) list` then, remove it, and create another")
        }
    }
}
