import Alerting
import ArgumentParser

extension Incidents {
    /// Lists incidents.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List incidents, the newest first.",
            discussion: "Example: alertgate incidents --status triggered --status acknowledged")

        @Option(
            help: "triggered, acknowledged or resolved; can be repeated. Default: the open ones.",
            completion: .list(IncidentStatus.allCases.map(\.rawValue)))
        var status: [String] = []

        @Option(help: "How many at most, 1 to 1000.")
        var limit = 50

        @OptionGroup var options: IncidentOptions

        func validate() throws {
            for text in status where IncidentStatus(rawValue: text) == nil {
                throw ValidationError("A status is triggered, acknowledged or resolved.")
            }
            guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000.") }
        }

        func run() throws {
            let wanted =
                status.isEmpty ? [.triggered, .acknowledged] : status.compactMap(IncidentStatus.init(rawValue:))
            options.show(try options.desk().list(wanted, limit: limit))
        }
    }
}
