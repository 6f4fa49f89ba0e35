import Glibc
import HTTPAPI
import HTTPServer
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
            requestsPerMinute: settings.api.rateLimitPerMinute, requiresFrom: settings.api.requireFrom,
            keyRotationGraceSeconds: Int64(settings.api.keyRotationGrace))
        trustedProxies = settings.trustedProxies
    }
}

extension ListenerConfiguration {
    init(_ settings: Settings, inherited: InheritedSockets) {
        let endpoints = Endpoint.all(settings, inherited: inherited)
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

extension ListenerConfiguration.Endpoint {
    /// Where to listen. Inherited sockets take the place of the addresses of their kind alone: settings that keep senders
    /// and operators apart hold also where systemd knows of one kind only.
    static func all(_ settings: Settings, inherited: InheritedSockets) -> [Self] {
        let adminSockets = inherited.sockets.filter { $0.isForAdmin }
        let otherSockets = inherited.sockets.filter { !$0.isForAdmin }
        let admin =
            adminSockets.isEmpty
            ? settings.admin.listen.map { Self($0, surface: .admin) }
            : adminSockets.map { Self($0, surface: .admin) }
        let surface: Surface = admin.isEmpty ? .everything : .events
        let others =
            otherSockets.isEmpty
            ? settings.listen.map { Self($0, surface: surface) } : otherSockets.map { Self($0, surface: surface) }
        return others + admin
    }

    private init(_ address: ListenAddress, surface: Surface) {
        let encryption: Encryption =
            switch address.scheme {
            case nil: .ifConfigured
            case .http: .none
            case .https: .required
            }
        self.init(.address(host: address.host, port: address.port), encryption: encryption, surface: surface)
    }

    private init(_ socket: InheritedSockets.Socket, surface: Surface) {
        self.init(
            .descriptor(socket.descriptor), encryption: socket.isPlain ? .none : .ifConfigured, surface: surface)
    }
}

extension InheritedSockets.Socket {
    /// The names that mean something (`FileDescriptorName=`). Any other is for what `listen` is for.
    fileprivate var isForAdmin: Bool { name == "admin" || name == "admin-plain" }
    /// A socket of any other name speaks TLS where a certificate is set.
    fileprivate var isPlain: Bool { name == "plain" || name == "admin-plain" }
}
