import Alerting
import Dispatch
import Glibc
import HTTPAPI
import HTTPServer
import Logging
import Pipeline
import ServiceLifecycle
import Store
import Synchronization
import TimeZones

/// The whole daemon as a value: the pipeline over the database, and the listener before it. Starts from the inside out,
/// and stops from the outside in, so that every request that was taken is answered.
public final class Gateway: ServiceLifecycle.Service {
    private let settings: Settings
    private let environment: [String: String]
    private let logger: Logger
    private let pipeline: Pipeline
    private let responder: GatewayResponder
    private let listener: HTTPListener
    private let notifier: Notifier
    private let graceSeconds: Mutex<Int>

    /// Opens the database and wires the parts; nothing listens yet. Blocks while a schema is brought up to date. Throws
    /// `StoreError`, and `InheritedSockets.Malformed`.
    public init(
        settings: Settings, environment: [String: String], clock: any TimeSource = SystemClock(), logger: Logger
    ) throws {
        self.settings = settings
        self.environment = environment
        self.logger = logger
        notifier = Notifier(environment: environment)
        graceSeconds = Mutex(settings.shutdown.graceSeconds)
        let inherited = try InheritedSockets(environment: environment, processID: getpid())
        inherited.closeOnExecute()
        // Its files are read here, before anything listens: no request that names a zone waits for a disk.
        let zones = ZoneDatabase.system
        if zones.isEmpty {
            let message: Logger.Message = "there is no time zone database: UTC is the only zone"
            logger.warning(message, metadata: ["folder": "\(zones.folder)"])
        }
        pipeline = try Pipeline(
            database: Database(path: settings.database), settings: Pipeline.Settings(settings), clock: clock,
            logger: logger)
        responder = GatewayResponder(
            pipeline: pipeline, settings: GatewayResponder.Settings(settings), build: .current, logger: logger)
        listener = HTTPListener(
            configuration: ListenerConfiguration(settings, inherited: inherited), responder: responder)
        let listener = listener
        responder.show(listener)
    }

    /// Where it listens, while it does.
    public var addresses: [HTTPListener.BoundAddress] { listener.boundAddresses }

    /// Starts listening. Throws `ListenerError`; the database is closed then.
    public func start() async throws {
        do {
            try await listener.start()
        } catch {
            await pipeline.stop()
            throw error
        }
        let common = places { $0 != .admin }
        let admin = places { $0 == .admin }
        let build = BuildInfo.current
        var metadata: Logger.Metadata = [
            "listen": "\(common)", "database": "\(settings.database)", "version": "\(build.version)",
            "commit": "\(build.commit)", "sqlite": "\(build.sqlite)",
        ]
        if !admin.isEmpty { metadata["admin"] = "\(admin)" }
        logger.notice("alertgate is ready", metadata: metadata)
        notifier.ready(status: "listening on \(common)" + (admin.isEmpty ? "" : "; admin on \(admin)"))
    }

    /// The addresses that answer such a surface, for people.
    private func places(where isWanted: (Surface) -> Bool) -> String {
        addresses.filter { isWanted($0.surface) }
            .map { ListenAddress(host: $0.host, port: $0.port).description + ($0.isTLS ? " (TLS)" : "") }
            .joined(separator: ", ")
    }

    /// Stops: no new connections; requests under way are answered; what was accepted is applied; the database is
    /// closed.
    public func stop() async {
        notifier.stopping()
        await listener.stop(gracePeriod: .seconds(graceSeconds.withLock { $0 }))
        await pipeline.stop()
        logger.notice("alertgate has stopped")
    }

    /// Runs until graceful shutdown is asked for.
    public func run() async throws {
        try await start()
        let watchdog = notifier.watchdogMicroseconds.map {
            Watchdog(pipeline: pipeline, notifier: notifier, intervalMicroseconds: $0 / 4)
        }
        do {
            try await gracefulShutdown()
        } catch {
            logger.notice("alertgate is cancelled and stops", metadata: ["reason": "\(error)"])
        }
        watchdog?.stop()
        await stop()
    }

    /// Takes over what can change while running: limits, proxies, the public URL, how long things are kept, the grace
    /// period, and what stands in the certificate's files. The rest waits for a restart. Throws `ListenerError` when the
    /// certificate cannot be read; the old one stays in use.
    public func reload(_ next: Settings) async throws {
        notifier.reloading()
        defer { notifier.ready(status: "running") }
        try await listener.reloadTLS()
        responder.reload(GatewayResponder.Settings(next))
        graceSeconds.withLock { $0 = next.shutdown.graceSeconds }
        pipeline.retention.policy = RetentionPolicy(next)
        logger.notice("the settings were read again")
    }
}
