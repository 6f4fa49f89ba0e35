import Alerting
import ArgumentParser

extension IntegrationCommand {
    /// Changes an integration.
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an integration's name, default severity or heartbeat.",
            discussion: "Example: alertgate integration update elastalert --default-severity warning")

        @Argument(help: "The integration's id or name.")
        var integration: String

        @Option(help: "The new name, 1 to 255 characters.")
        var name: String?

        @Option(
            help: "The severity of V1 events, which have none: critical, error, warning or info.",
            completion: .severities)
        var defaultSeverity: String?

        @Option(help: ArgumentHelp(HeartbeatOption.help, valueName: "seconds"))
        var heartbeat: Int64?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            if let name { try Names.check(name) }
            if let defaultSeverity, Severity(rawValue: defaultSeverity) == nil {
                throw ValidationError("A severity is critical, error, warning or info.")
            }
            try HeartbeatOption.check(heartbeat)
            guard name != nil || defaultSeverity != nil || heartbeat != nil else {
                throw ValidationError("There is nothing to change.")
            }
        }

        func run() throws {
            var update = IntegrationUpdate()
            update.name = name
            update.defaultSeverity = defaultSeverity.flatMap(Severity.init(rawValue:))
            update.heartbeatInterval = heartbeat
            try IntegrationCommand.change(integration, options, done: "updated", json: json) {
                .updateIntegration($0, update)
            }
        }
    }
}
