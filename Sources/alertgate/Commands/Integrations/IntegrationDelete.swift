import Alerting
import ArgumentParser
import WireJSON

extension IntegrationCommand {
    /// Deletes an integration.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an integration that has no open alerts.")

        @Argument(help: "The integration's id or name.")
        var integration: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let found = try IntegrationCommand.find(integration, options)
            _ = try Change.perform(.deleteIntegration(found.id), in: options)
            let id = ExternalID.string(.integration, found.id)
            guard !json else {
                return Output.json(["id": .string(id), "name": .string(found.name), "deleted": true])
            }
            Output.line("\(id)  \(found.name): deleted")
        }
    }
}
