import Alerting
import ArgumentParser
import HTTPAPI
import Pipeline
import Store
import WireJSON

/// Creates and changes integrations.
struct IntegrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integration", abstract: "Create, list, update, disable, enable, rotate and delete integrations.",
        subcommands: [
            Create.self, List.self, Update.self, Disable.self, Enable.self, Rotate.self, Delete.self,
        ])

    /// Creates an integration.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an integration of a service, with a key.",
            discussion: "Example: alertgate integration create --service databases --name elastalert --json")

        @Option(help: "The service's name or id.")
        var service: String

        @Option(help: "The integration's name. Default: that of the service.")
        var name: String?

        @Option(help: "The key: 8 to 128 characters of A-Z, a-z, 0-9, _ and -. Default: a random one.")
        var key: String?

        @Option(
            help: "The severity of V1 events, which have none: critical, error, warning or info.",
            completion: .severities)
        var defaultSeverity = "critical"

        @Option(help: ArgumentHelp(HeartbeatOption.help, valueName: "seconds"))
        var heartbeat: Int64?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            if let name { try Names.check(name) }
            if let key, !Integration.isWellFormed(key: key) {
                throw ValidationError("A key has 8 to 128 characters of A-Z, a-z, 0-9, _ and -.")
            }
            guard Severity(rawValue: defaultSeverity) != nil else {
                throw ValidationError("A severity is critical, error, warning or info.")
            }
            try HeartbeatOption.check(heartbeat)
        }

        func run() throws {
            let owner = try ServiceCommand.find(service, options)
            let key = key ?? Secrets.integrationKey()
            let name = name ?? owner.name
            let number = try Change.performShowingSecret(
                .createIntegration(
                    service: owner.id, name: name, key: key,
                    defaultSeverity: Severity(rawValue: defaultSeverity) ?? .critical, heartbeatInterval: heartbeat),
                making: "integration", in: options)
            let id = ExternalID.string(.integration, number)
            try Output.once("the integration \(id)") {
                show(id, name, key, of: owner)
            } undo: {
                _ = try Change.perform(.deleteIntegration(number), in: options)
            }
        }

        private func show(_ id: String, _ name: String, _ key: String, of owner: Service) {
            guard !json else {
                return Output.json([
                    "id": .string(id), "name": .string(name),
                    "service_id": .string(ExternalID.string(.service, owner.id)), "integration_key": .string(key),
                ])
            }
            Output.line("\(id)  \(name)\nintegration key: \(key)")
        }
    }

    /// Lists integrations.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List integrations, with the last four characters of their keys.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let (services, integrations) = try options.read {
                (try SettingsRows.services($0), try IntegrationCommand.all($0))
            }
            let names = Dictionary(uniqueKeysWithValues: services.map { ($0.id, $0.name) })
            guard !json else {
                return Output.json(.array(integrations.map { .object(IntegrationCommand.members($0)) }))
            }
            Output.table(
                ["ID", "SERVICE", "NAME", "KEY", "STATE"],
                integrations.map { integration in
                    [
                        ExternalID.string(.integration, integration.id), names[integration.serviceID] ?? "",
                        integration.name, Secrets.masked(integration.key),
                        integration.disabledAt == nil ? "enabled" : "disabled",
                    ]
                })
        }
    }

    /// Makes an integration take no events.
    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable an integration: senders get success, and nothing is recorded.")

        @Argument(help: "The integration's id or name.")
        var integration: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            try IntegrationCommand.change(integration, options, done: "disabled", json: json) {
                .disableIntegration($0)
            }
        }
    }

    /// Makes an integration take events again.
    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Enable an integration: it accepts events again.")

        @Argument(help: "The integration's id or name.")
        var integration: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            try IntegrationCommand.change(integration, options, done: "enabled", json: json) {
                .enableIntegration($0)
            }
        }
    }

    /// Gives an integration another key.
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rotate the key of an integration.",
            discussion: "Example: alertgate integration rotate elastalert --grace 3600")

        @Argument(help: "The integration's id or name.")
        var integration: String

        @Option(help: "The new key. Default: a random one.")
        var key: String?

        @Option(help: "Seconds for which the old key is still accepted.")
        var grace: Int64 = 0

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            if let key, !Integration.isWellFormed(key: key) {
                throw ValidationError("A key has 8 to 128 characters of A-Z, a-z, 0-9, _ and -.")
            }
            guard grace >= 0 else { throw ValidationError("--grace is 0 or more seconds.") }
        }

        func run() throws {
            let found = try IntegrationCommand.find(integration, options)
            let key = key ?? Secrets.integrationKey()
            try IntegrationCommand.requireFree(key, options)
            let expiry = grace > 0 ? SystemClock().now().adding(seconds: grace) : nil
            // The old key may end at once: it must not before the new one is known. All that is printed is known before.
            show(found, key, expiry)
            do {
                try Output.requireWritten()
            } catch var failure as Failure {
                failure.message += "; the key of \(found.name) was not changed"
                throw failure
            }
            do {
                _ = try Change.perform(
                    .rotateIntegrationKey(found.id, key: key, previousKeyExpiresAt: expiry), in: options)
            } catch let error where !(error is WaitError) {
                guard var failure = Failure(error) else { throw error }
                failure.message += "; the key of \(found.name) was not changed, the one that was printed is unknown"
                throw failure
            }
        }

        private func show(_ found: Integration, _ key: String, _ expiry: Timestamp?) {
            let id = ExternalID.string(.integration, found.id)
            guard !json else {
                return Output.json([
                    "id": .string(id), "name": .string(found.name), "integration_key": .string(key),
                    "previous_key_expires_at": JSONValue(expiry.map { Output.time($0) }),
                ])
            }
            Output.line("\(id)  \(found.name)\nintegration key: \(key)")
            if let expiry { Output.line("the old key is good until \(Output.time(expiry))") }
        }
    }

    /// The integrations that are there.
    private static func all(_ connection: Connection) throws -> [Integration] {
        try SettingsRows.integrations(connection).filter { $0.deletedAt == nil }
    }

    /// Refuses a key that another integration has, as the fold does, before anything is printed.
    private static func requireFree(_ key: String, _ options: DatabaseOptions) throws {
        for integration in try options.read({ try all($0) }) where integration.key == key {
            throw Failure.refused(Refusal.integrationKeyTaken.explanation(subject: integration.id))
        }
    }

    /// The integration of that id or name.
    static func find(_ text: String, _ options: DatabaseOptions) throws -> Integration {
        let integrations = try options.read { try all($0) }
        return try Names.find(
            text, among: integrations, kind: .integration, called: "integration", id: \.id, name: \.name)
    }

    /// Changes an integration, and prints it as it is then.
    static func change(
        _ text: String, _ options: DatabaseOptions, done: String, json: Bool,
        _ command: (IntegrationID) -> Action.Command
    ) throws {
        let id = try find(text, options).id
        let didChange = try Change.perform(command(id), in: options).didChange
        let name = ExternalID.string(.integration, id)
        let integration = try find(name, options)
        guard !json else {
            return Output.json(.object(members(integration) + [.init("changed", .bool(didChange))]))
        }
        Output.line("\(name)  \(integration.name): \(didChange ? done : "\(done) already")")
    }

    private static func members(_ integration: Integration) -> [JSONValue.Member] {
        [
            .init("id", .string(ExternalID.string(.integration, integration.id))),
            .init("name", .string(integration.name)),
            .init("service_id", .string(ExternalID.string(.service, integration.serviceID))),
            .init("integration_key", .string(Secrets.masked(integration.key))),
            .init("default_severity", .string(integration.defaultSeverity.rawValue)),
            .init("heartbeat_interval", JSONValue(integration.heartbeatInterval)),
            .init("created_at", .string(Output.time(integration.createdAt))),
            .init("disabled_at", JSONValue(integration.disabledAt.map { Output.time($0) })),
        ]
    }
}
