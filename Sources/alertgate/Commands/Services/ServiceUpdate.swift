import Alerting
import ArgumentParser

extension ServiceCommand {
    /// Changes a service.
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a service. New timeouts apply to what is opened or acknowledged from now on.",
            discussion: "Example: alertgate service update databases --auto-resolve-timeout 86400")

        @Argument(help: "The service's id or name.")
        var service: String

        @Option(help: "The new name, 1 to 255 characters, unique.")
        var name: String?

        @Option(help: "A description for people.")
        var description: String?

        @Option(help: "Seconds after which an acknowledged incident is triggered again; 0 is never.")
        var acknowledgementTimeout: Int64?

        @Option(help: "Seconds after which an open incident resolves by itself; 0 is never.")
        var autoResolveTimeout: Int64?

        @Option(
            help: """
                Whether an alert that changes four times within an hour keeps one incident open until it has been quiet \
                for half an hour: on or off.
                """, completion: .list(["on", "off"]))
        var flapDetection: String?

        @Option(
            help: """
                Whether alerts join one incident while more than 20 new ones open within a minute: on or off.
                """, completion: .list(["on", "off"]))
        var stormDetection: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        private var update: ServiceUpdate {
            var update = ServiceUpdate()
            update.name = name
            update.description = description
            update.acknowledgementTimeout = acknowledgementTimeout
            update.autoResolveTimeout = autoResolveTimeout
            update.flapDetection = flapDetection.map { $0 == "on" ? .on(FlapDetection()) : .off }
            update.stormDetection = stormDetection.map { $0 == "on" ? .on(StormDetection()) : .off }
            return update
        }

        func validate() throws {
            if let name { try Names.check(name) }
            if let description { try Names.check(description: description) }
            for case let seconds? in [acknowledgementTimeout, autoResolveTimeout] where seconds != 0 {
                guard DurationLimit.timeout.allows(seconds) else {
                    throw ValidationError("A timeout has \(DurationLimit.timeout), or is 0, which is never.")
                }
            }
            for (name, value) in [("--flap-detection", flapDetection), ("--storm-detection", stormDetection)] {
                guard ["on", "off", nil].contains(value) else { throw ValidationError("\(name) expects on or off.") }
            }
            guard update != ServiceUpdate() else { throw ValidationError("There is nothing to change.") }
        }

        func run() throws {
            try ServiceCommand.change(service, update, options, done: "updated", json: json)
        }
    }
}
