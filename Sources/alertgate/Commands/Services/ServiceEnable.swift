import Alerting
import ArgumentParser

extension ServiceCommand {
    /// Enable a service: it accepts events again.
    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enable a service: it accepts events again.",
            discussion: "Example: alertgate service enable databases")

        @Argument(help: "The service's id or name.")
        var service: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            var update = ServiceUpdate()
            update.isDisabled = false
            try ServiceCommand.change(service, update, options, done: "enabled", json: json)
        }
    }
}
