import Alerting
import ArgumentParser
import Store

/// Sets and ends silences.
struct SilenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Create, list, show, update and end silences.",
        discussion: """
            Alerts that match a silence while it is in force are kept and marked, and open no incident. Those that are \
            still open when it ends open theirs then.

            Examples:
              alertgate silence create --incident 4711 --for 2h
              alertgate silence create --service databases --all --for 90m --comment "new disks"
              alertgate silence list
              alertgate silence end P0003MV
            """,
        subcommands: [Create.self, List.self, Show.self, Update.self, End.self])

    /// The silences with these numbers as they are now, in this order. Throws a `Failure` where one of them is not there.
    static func lines(_ ids: [SilenceID], _ options: DatabaseOptions) throws -> [SilenceLine] {
        try options.read { connection in
            let found = try SilenceQueries.silences(ids, connection)
            let silences = try ids.map { id in
                guard let silence = found[id] else {
                    throw Failure.refused(
                        "there is no silence \(ExternalID.string(.silence, id)); `alertgate silence list --all` lists them"
                    )
                }
                return silence
            }
            return try SilenceLine.read(silences, connection)
        }
    }

    /// Refuses, by its id, the first silence that is not there or has ended.
    static func requireCurrent(_ ids: [SilenceID], _ options: DatabaseOptions) throws {
        for line in try lines(ids, options) where line.silence.endedAt != nil {
            throw Failure.refused("silence \(line.id) has ended already; set a new one instead")
        }
    }
}
