import Alerting
import ArgumentParser
import Store
import WireJSON

/// Creates and changes services.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Create, list, update, disable, enable and delete services.",
        subcommands: [Create.self, List.self, Update.self, Disable.self, Enable.self, Delete.self])

    /// Creates a service.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a service.", discussion: "Example: alertgate service create databases")

        @Argument(help: "The name, 1 to 255 characters, unique.")
        var name: String

        @Option(help: "A description for people.")
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
            try Names.check(description: description)
            for case let seconds? in [acknowledgementTimeout, autoResolveTimeout] {
                guard DurationLimit.timeout.allows(seconds) else {
                    throw ValidationError("A timeout has \(DurationLimit.timeout).")
                }
            }
        }

        func run() throws {
            let settings = ServiceSettings(
                name: name, description: description, acknowledgementTimeout: acknowledgementTimeout,
                autoResolveTimeout: autoResolveTimeout)
            let number = try Change.perform(.createService(settings), in: options).id
            let id = ExternalID.string(.service, number)
            if json {
                Output.json(["id": .string(id), "name": .string(name)])
            } else {
                Output.line("\(id)  \(name)")
            }
        }
    }

    /// Lists services.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List services.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let services = try ServiceCommand.all(options)
            guard !json else { return Output.json(.array(services.map { .object(ServiceCommand.members($0)) })) }
            Output.table(
                ["ID", "NAME", "CREATED", "STATE", "DESCRIPTION"],
                services.map { service in
                    [
                        ExternalID.string(.service, service.id), service.name, Output.time(service.createdAt),
                        service.disabledAt == nil ? "enabled" : "disabled", service.description,
                    ]
                })
        }
    }

    /// The services that are there.
    private static func all(_ options: DatabaseOptions) throws -> [Service] {
        try options.read { try SettingsRows.services($0) }.filter { $0.deletedAt == nil }
    }

    /// The service of that id or name.
    static func find(_ text: String, _ options: DatabaseOptions) throws -> Service {
        try Names.find(
            text, among: try all(options), kind: .service, called: "service", id: \.id, name: \.name)
    }

    /// Changes a service, and prints it as it is then.
    static func change(
        _ text: String, _ update: ServiceUpdate, _ options: DatabaseOptions, done: String, json: Bool
    ) throws {
        let id = try find(text, options).id
        let didChange = try Change.perform(.updateService(id, update), in: options).didChange
        let name = ExternalID.string(.service, id)
        let service = try find(name, options)
        guard !json else {
            return Output.json(.object(members(service) + [.init("changed", .bool(didChange))]))
        }
        Output.line("\(name)  \(service.name): \(didChange ? done : "\(done) already")")
    }

    private static func members(_ service: Service) -> [JSONValue.Member] {
        [
            .init("id", .string(ExternalID.string(.service, service.id))), .init("name", .string(service.name)),
            .init("description", .string(service.description)),
            .init("created_at", .string(Output.time(service.createdAt))),
            .init("acknowledgement_timeout", JSONValue(service.acknowledgementTimeout)),
            .init("auto_resolve_timeout", JSONValue(service.autoResolveTimeout)),
            .init("flap_detection", .bool(service.flapDetection != nil)),
            .init("storm_detection", .bool(service.stormDetection != nil)),
            .init("disabled_at", JSONValue(service.disabledAt.map { Output.time($0) })),
        ]
    }
}
