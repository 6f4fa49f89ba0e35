import Alerting
import ArgumentParser
import Store

/// Makes and deletes inhibition rules.
struct InhibitionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inhibition", abstract: "Create, list, show and delete inhibition rules.",
        discussion: """
            By a rule, an open alert that matches its source side holds back newer ones that match its target side and \
            have the same values in the labels that shall be equal. Those are kept and marked, and open no incident \
            unless they are still open when nothing holds them back any more.

            Examples:
              alertgate inhibition create --source 'class="host down"' \\
                  --target 'severity=~"warning|error"' --equal source
              alertgate inhibition list
              alertgate inhibition delete P0003MV
            """,
        subcommands: [Create.self, List.self, Show.self, Delete.self])

    /// The rules with these numbers as they are now, in this order. Throws a `Failure` where one of them is not there.
    static func lines(_ ids: [InhibitionRuleID], _ options: DatabaseOptions) throws -> [InhibitionLine] {
        try options.read { try lines(ids, $0) }
    }

    /// The same within a snapshot.
    static func lines(_ ids: [InhibitionRuleID], _ connection: Connection) throws -> [InhibitionLine] {
        let found = try InhibitionRuleQueries.rules(ids, connection)
        let rules = try ids.map { id in
            guard let rule = found[id] else {
                throw Failure.refused(
                    "there is no inhibition rule \(ExternalID.string(.inhibitionRule, id)); "
                        + "`alertgate inhibition list` lists them")
            }
            return rule
        }
        return try InhibitionLine.read(rules, connection)
    }

    /// Refuses, by its id, the first rule that is not there or has been deleted.
    static func requireCurrent(_ ids: [InhibitionRuleID], _ options: DatabaseOptions) throws {
        for line in try lines(ids, options) where line.rule.deletedAt != nil {
            throw Failure.refused(
                "inhibition rule \(line.id) has been deleted already; `alertgate inhibition list` lists those in force")
        }
    }
}
