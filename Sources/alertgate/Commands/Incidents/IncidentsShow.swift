import ArgumentParser

extension Incidents {
    /// Shows an incident.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an incident with its alerts, and its notes and log, the newest first.",
            discussion: "Example: alertgate incidents show 4711")

        @Argument(help: "The incident's number or id.")
        var incident: IncidentReference

        @OptionGroup var options: IncidentOptions

        func run() throws {
            let details = try options.desk().details(of: incident.id)
            if options.json { Output.json(details.json) } else { details.print() }
        }
    }
}
