import Alerting
import ArgumentParser

extension Incidents {
    /// Resolves incidents.
    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resolve incidents and their open alerts, all or none of them.",
            discussion: "Example: alertgate incidents resolve 4711 --note \"disk replaced\"")

        @Argument(help: "The incidents' numbers or ids.")
        var incidents: [IncidentReference]

        @Option(help: "How it was resolved; written to the log of each incident.")
        var note: String?

        @OptionGroup var options: IncidentOptions

        func validate() throws {
            try IncidentReference.checkCount(incidents)
            if let note { try Names.check(note: note) }
        }

        func run() throws {
            let updates = IncidentReference.distinct(incidents).map {
                IncidentUpdate(incidentID: $0, status: .resolved, resolution: note)
            }
            options.show(try options.desk().update(updates))
        }
    }
}
