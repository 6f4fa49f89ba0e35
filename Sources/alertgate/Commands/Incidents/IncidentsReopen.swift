import Alerting
import ArgumentParser

extension Incidents {
    /// Triggers incidents again.
    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trigger resolved or acknowledged incidents again, all or none of them.",
            discussion: "Example: alertgate incidents reopen 4711")

        @Argument(help: "The incidents' numbers or ids.")
        var incidents: [IncidentReference]

        @OptionGroup var options: IncidentOptions

        func validate() throws { try IncidentReference.checkCount(incidents) }

        func run() throws {
            let updates = IncidentReference.distinct(incidents).map {
                IncidentUpdate(incidentID: $0, status: .triggered)
            }
            options.show(try options.desk().update(updates))
        }
    }
}
