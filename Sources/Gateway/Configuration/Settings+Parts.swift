import Glibc
import HTTPAPI
import NIOCore
import Pipeline

/// The settings as each part wants them.
extension Pipeline.Settings {
    init(_ settings: Settings) {
        self.init()
        limits.waitingEvents = settings.storage.waitingEvents
        limits.waitingBytes = settings.storage.waitingMiB * 1024 * 1024
        readers = settings.storage.readers
        retention = RetentionPolicy(settings)
        minimumFreeBytes = settings.storage.minimumFreeBytes(volumeBytes: Self.volumeBytes(at: settings.database))
    }

    /// The size of the volume that holds a path, or its folder where the file is not there yet; 0 if it does not say.
    private static func volumeBytes(at path: String) -> Int64 {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return 0 }
        return Int64(status.f_blocks) * Int64(status.f_frsize)
    }
}

extension RetentionPolicy {
    /// The ages that the settings say.
    public init(_ settings: Settings) {
        self.init()
        incidentsDays = settings.retention.incidentsDays
        eventsDays = settings.retention.eventsDays
        changeEventsDays = settings.retention.changeEventsDays
    }
}

extension GatewayResponder.Settings {
    init(_ settings: Settings) {
        self.init()
        rateLimits.perMinute = settings.events.rateLimit
        rateLimits.perSecond = settings.events.rateLimitPerSecond
        rateLimits.unknownKeysPerMinute = settings.events.unknownKeysPerMinute
        admin = AdminConfiguration(
            publicURL: settings.publicURL, pathPrefix: settings.api.pathPrefix.isEmpty ? nil : settings.api.pathPrefix,
            requestsPerMinute: settings.api.rateLimitPerMinute, requiresFrom: settings.api.requireFrom)
        trustedProxies = settings.trustedProxies
    }
}

extension ListenerConfiguration {
    init(_ settings: Settings, inherited: InheritedSockets) {
        let endpoints: [Endpoint] =
            inherited.sockets.isEmpty
            ? settings.listen.map { .address(host: $0.host, port: $0.port) }
            : inherited.sockets.map { .descriptor($0.descriptor) }
        var tls: TLS?
        if let certificate = settings.tls.certificate, let key = settings.tls.key {
            tls = TLS(certificateChainFile: certificate, privateKeyFile: key)
        }
        self.init(endpoints: endpoints, tls: tls)
        loops =
            settings.http.eventLoops > 0 ? settings.http.eventLoops : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        timeouts.idle = .seconds(Int64(settings.http.idleTimeout))
        timeouts.head = .seconds(Int64(settings.http.headTimeout))
        timeouts.body = .seconds(Int64(settings.http.bodyTimeout))
        maximumConnections = settings.http.maxConnections
    }
}
