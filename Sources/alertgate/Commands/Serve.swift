import ArgumentParser
import FoundationEssentials
import Gateway
import Glibc
import HTTPAPI
import Logging
import ServiceLifecycle

/// Runs the gateway in the foreground.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway in the foreground.",
        discussion: """
            SIGTERM and SIGINT stop it gracefully: it answers what it has accepted, then leaves. SIGHUP reads the \
            configuration again, and logs each setting that changes; a bad or emptied file changes nothing.

            Example: alertgate serve --db ./alertgate.db --listen 127.0.0.1:8080
            """)

    @Option(
        name: .customLong("config"), help: "The configuration file, YAML. Default: ALERTGATE_CONFIG, else none.",
        completion: .file())
    var file: String?

    @Option(
        name: .customLong("db"), help: "The database file. Default: the setting `database`.",
        completion: .file())
    var database: String?

    @Option(help: "HOST:PORT to listen on, optionally with http:// or https://; can be repeated.")
    var listen: [String] = []

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    func run() async throws {
        let loader = loader()
        let settings = try loader.loadForStart()
        let threshold = StandardErrorLog.Threshold(settings.log.level)
        let format = settings.log.format.resolved(environment: loader.environment)
        let logger = Logger(label: "alertgate") { label in
            StandardErrorLog(label: label, format: format, threshold: threshold)
        }
        for name in loader.unknownVariables {
            logger.warning("an environment variable looks like a setting and is none", metadata: ["name": "\(name)"])
        }
        let gateway = try Gateway(settings: settings, environment: loader.environment, logger: logger)
        let reload = Reload(
            gateway: gateway, loader: loader, settings: settings, threshold: threshold, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: gateway, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: reload),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in
                    SwiftLogNoOpLogHandler()
                }))
        try await group.run()
    }

    private func loader() -> SettingsLoader {
        let environment = ProcessInfo.processInfo.environment
        var flags: [String: [String]] = [:]
        if let database { flags["database"] = [database] }
        if !listen.isEmpty { flags["listen"] = listen }
        if let logLevel { flags["log.level"] = [logLevel] }
        return SettingsLoader(
            file: file ?? environment["ALERTGATE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }, environment: environment,
            flags: flags)
    }
}
