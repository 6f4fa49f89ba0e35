import ArgumentParser
import HTTPAPI
import Logging
import Pipeline
import Store

/// The gateway with another bound of its group commit: by 1 it syncs for each request.
struct ServeWithLimits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve as alertgate does, with so many events in a commit.")

    @Option(help: "The port on 127.0.0.1.")
    var port: Int

    @Option(name: .customLong("db"), help: "The database.")
    var database: String

    @Option(help: "Events in one transaction.")
    var eventsPerCommit = 1

    func run() async throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        var settings = Pipeline.Settings()
        settings.limits.eventsPerCommit = eventsPerCommit
        let pipeline = try Pipeline(database: Database(path: database), settings: settings, logger: logger)
        var limits = GatewayResponder.Settings()
        limits.rateLimits.perMinute = 0
        limits.rateLimits.perSecond = 0
        let responder = GatewayResponder(pipeline: pipeline, settings: limits, logger: logger)
        let listener = HTTPListener(
            configuration: ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: port)]),
            responder: responder)
        try await listener.start()
        await untilStopped()
        await listener.stop(gracePeriod: .seconds(1))
        await pipeline.stop()
    }
}
