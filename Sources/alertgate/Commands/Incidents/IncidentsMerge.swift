import ArgumentParser

extension Incidents {
    /// Merges incidents.
    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Merge incidents: move their alerts into another incident, and resolve them permanently.",
            discussion: "Example: alertgate incidents merge 4711 4712 4713")

        @Argument(help: "The number or id of the incident that keeps the alerts.")
        var target: IncidentReference

        @Argument(help: "The numbers or ids of the incidents to merge into it.")
        var sources: [IncidentReference]

        @OptionGroup var options: IncidentOptions

        func validate() throws { try IncidentReference.checkCount(sources) }

        func run() throws {
            let sources = IncidentReference.distinct(sources)
            options.show(try options.desk().merge(sources, into: target.id))
        }
    }
}
