import ArgumentParser
import HTTPAPI
import HTTPServer
import Logging
import Pipeline
import Store

/// The gateway with another bound of its group commit: by 1 it syncs for each request. Or with a pass of retention that
/// begins at once, where the daemon waits six minutes for the first.
struct ServeWithLimits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve as alertgate does, with so many events in a commit, or while it removes."
    )

    @Option(help: "The port on 127.0.0.1.")
    var port: Int

    @Option(name: .customLong("db"), help: "The database.")
    var database: String

    @Option(help: "Events in one transaction.")
    var eventsPerCommit = 1024

    @Option(help: "Remove incidents resolved so many days ago, beginning at once; 0 removes nothing.")
    var retentionDays = 0

    func run() async throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        var settings = Pipeline.Settings()
        settings.limits.eventsPerCommit = eventsPerCommit
        settings.retention.incidentsDays = retentionDays
        let pipeline = try Pipeline(database: Database(path: database), settings: settings, logger: logger)
        var limits = GatewayResponder.Settings()
        limits.rateLimits.perMinute = 0
        limits.rateLimits.perSecond = 0
        let build = BuildInfo(version: "9.8.7", commit: "abc1234", sqlite: "3.99.0")
        let responder = GatewayResponder(pipeline: pipeline, settings: limits, build: build, logger: logger)
        let listener = HTTPListener(
            configuration: ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: port)]),
            responder: responder)
        try await listener.start()
        if retentionDays > 0 { pipeline.retention.passNow {} }
        await untilStopped()
        await listener.stop(gracePeriod: .seconds(1))
        await pipeline.stop()
    }
}
