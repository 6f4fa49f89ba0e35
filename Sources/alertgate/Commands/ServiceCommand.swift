import Alerting
import ArgumentParser
import Store
import WireJSON

/// Creates and lists services.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Create and list services.", subcommands: [Create.self, List.self])

    /// Creates a service.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a service.", discussion: "Example: alertgate service create databases")

        @Argument(help: "Its name, 1 to 255 characters, unique.")
        var name: String

        @Option(help: "What it is, for people.")
        var description = ""

        @Option(help: "Seconds after which an acknowledged incident is triggered again. Default: never.")
        var acknowledgementTimeout: Int64?

        @Option(help: "Seconds after which an open incident resolves by itself. Default: never.")
        var autoResolveTimeout: Int64?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            try Names.check(name)
            for seconds in [acknowledgementTimeout, autoResolveTimeout] {
                if let seconds, seconds < 1 { throw ValidationError("A timeout is at least 1 second.") }
            }
        }

        func run() throws {
            let settings = ServiceSettings(
                name: name, description: description, acknowledgementTimeout: acknowledgementTimeout,
                autoResolveTimeout: autoResolveTimeout)
            let number = try Change.perform(.createService(settings), in: options).id
            let id = ExternalID.string(.service, number)
            if json { Output.json(["id": .string(id), "name": .string(name)]) } else { print("\(id)  \(name)") }
        }
    }

    /// Lists services.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List services.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let services = try options.read { try SettingsRows.services($0) }
            guard !json else {
                return Output.json(
                    .array(
                        services.map { service in
                            [
                                "id": .string(ExternalID.string(.service, service.id)), "name": .string(service.name),
                                "description": .string(service.description),
                                "created_at": .string(Output.time(service.createdAt)),
                                "acknowledgement_timeout": JSONValue(service.acknowledgementTimeout),
                                "auto_resolve_timeout": JSONValue(service.autoResolveTimeout),
                            ]
                        }))
            }
            Output.table(
                ["ID", "NAME", "CREATED", "DESCRIPTION"],
                services.map { service in
                    [
                        ExternalID.string(.service, service.id), service.name, Output.time(service.createdAt),
                        service.description,
                    ]
                })
        }
    }
}
