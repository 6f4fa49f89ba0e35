import Alerting
import ArgumentParser

extension Incidents {
    /// Acknowledges incidents.
    struct Acknowledge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "Acknowledge incidents, all or none of them.",
            discussion: "Example: alertgate incidents ack 4711 4712", aliases: ["acknowledge"])

        @Argument(help: "The incidents' numbers or ids.")
        var incidents: [IncidentReference]

        @OptionGroup var options: IncidentOptions

        func validate() throws { try IncidentReference.checkCount(incidents) }

        func run() throws {
            let updates = IncidentReference.distinct(incidents).map {
                IncidentUpdate(incidentID: $0, status: .acknowledged)
            }
            options.show(try options.desk().update(updates))
        }
    }
}
