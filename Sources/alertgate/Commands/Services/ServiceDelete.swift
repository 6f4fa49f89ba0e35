import Alerting
import ArgumentParser
import WireJSON

extension ServiceCommand {
    /// Deletes a service.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a service that has no open incidents.",
            discussion: """
                A service that has integrations is deleted only with --with-integrations: their keys are unknown from then
                on, and what is sent with them is refused.
                """)

        @Argument(help: "The service's id or name.")
        var service: String

        @Flag(help: "Delete its integrations, too.")
        var withIntegrations = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let found = try ServiceCommand.find(service, options)
            _ = try Change.perform(.deleteService(found.id, withIntegrations: withIntegrations), in: options)
            let id = ExternalID.string(.service, found.id)
            guard !json else {
                return Output.json(["id": .string(id), "name": .string(found.name), "deleted": true])
            }
            Output.line("\(id)  \(found.name): deleted")
        }
    }
}
