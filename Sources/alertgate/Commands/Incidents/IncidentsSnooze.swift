import ArgumentParser

extension Incidents {
    /// Snoozes an incident.
    struct Snooze: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Acknowledge an incident for a while; then it is triggered again.",
            discussion: "Example: alertgate incidents snooze 4711 --for 1h30m")

        @Argument(help: "The incident's number or id.")
        var incident: IncidentReference

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("1 second to 7 days: 90s, 1h30m, 2d.", valueName: "time"))
        var duration: SnoozeDuration

        @OptionGroup var options: IncidentOptions

        func run() throws {
            options.show(try options.desk().snooze(incident.id, seconds: duration.seconds))
        }
    }
}
