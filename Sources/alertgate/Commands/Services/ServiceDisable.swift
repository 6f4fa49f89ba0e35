import Alerting
import ArgumentParser

extension ServiceCommand {
    /// Disable a service: it accepts no events.
    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable a service: it accepts no events.",
            discussion: "Example: alertgate service disable databases")

        @Argument(help: "The service's id or name.")
        var service: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            var update = ServiceUpdate()
            update.isDisabled = true
            try ServiceCommand.change(service, update, options, done: "disabled", json: json)
        }
    }
}
