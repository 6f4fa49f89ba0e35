import HTTPAPI
import HTTPServer
import Logging
import NIOCore
import Pipeline

/// Every setting of the daemon, with its default. A default that a part of the program has stands with the part, and is
/// read from there. `etc/alertgate.yaml` is the manual; `SettingDefinition.all` ties each value here to its name, range
/// and unit.
public struct Settings: Sendable, Equatable {
    /// Where HTTP is listened on; at least one. Left alone when the service manager hands over sockets for it.
    public var listen = [ListenAddress(host: "127.0.0.1", port: 8080)]
    /// The URL that clients use, without a trailing slash: the beginning of every `self` and `html_url`. Nil takes it
    /// from the request.
    public var publicURL: String?
    /// The peers whose `X-Forwarded-*` and `Forwarded` headers are believed.
    public var trustedProxies: [AddressRange] = []
    /// The path of the database file.
    public var database = Settings.defaultDatabase
    /// The admin listener.
    public var admin = Admin()
    /// Encryption.
    public var tls = TLS()
    /// What senders may do.
    public var events = Events()
    /// What clients of the REST API may do.
    public var api = API()
    /// Bounds of connections.
    public var http = HTTP()
    /// Bounds of what is kept and what waits.
    public var storage = Storage()
    /// How long things are kept.
    public var retention = Retention()
    /// What is logged, and how.
    public var log = Log()
    /// How the daemon ends.
    public var shutdown = Shutdown()

    /// The defaults.
    public init() {}

    /// Where the database is unless something else is said.
    public static let defaultDatabase = "/var/lib/alertgate/alertgate.db"

    /// The admin listener.
    public struct Admin: Sendable, Equatable {
        /// Where the REST API, readiness and metrics are, and no events; empty has them wherever HTTP is listened on. Where
        /// it is not empty, `Settings.listen` takes events and no more. Left alone when the service manager hands over
        /// sockets for it.
        public var listen: [ListenAddress] = []

        /// The defaults.
        public init() {}
    }

    /// Files in PEM form. Both are set or neither is; neither means plain HTTP.
    public struct TLS: Sendable, Equatable {
        /// The certificate chain, leaf first.
        public var certificate: String?
        /// The private key, not encrypted.
        public var key: String?

        /// The defaults.
        public init() {}
    }

    /// Rate limits of the ingest paths (events-api.md section 11). 0 is off.
    public struct Events: Sendable, Equatable {
        /// Events of one integration in any 60 seconds.
        public var rateLimit = EventRateLimits().perMinute
        /// Events of one integration in any second.
        public var rateLimitPerSecond = EventRateLimits().perSecond
        /// Requests with an unknown key from one address in any 60 seconds.
        public var unknownKeysPerMinute = EventRateLimits().unknownKeysPerMinute

        /// The defaults.
        public init() {}
    }

    /// The REST API.
    public struct API: Sendable, Equatable {
        /// Requests of one token in any 60 seconds. 0 is off.
        public var rateLimitPerMinute = AdminConfiguration().requestsPerMinute
        /// A path under which the API is served in addition to the root: empty, or `/` and a name, no trailing slash.
        public var pathPrefix = ""
        /// Whether a write needs a `From` header with the e-mail address of a token.
        public var requireFrom = AdminConfiguration().requiresFrom
        /// Seconds for which an integration's old key stays good after a rotation through the API.
        public var keyRotationGrace = Int(AdminConfiguration().keyRotationGraceSeconds)

        /// The defaults.
        public init() {}
    }

    /// Bounds of connections. Times are in seconds.
    public struct HTTP: Sendable, Equatable {
        /// How long a connection may stay open between requests.
        public var idleTimeout = Self.seconds(ListenerConfiguration.Timeouts().idle)
        /// How long the head of a request may take, from its first byte.
        public var headTimeout = Self.seconds(ListenerConfiguration.Timeouts().head)
        /// How long the body of a request may take.
        public var bodyTimeout = Self.seconds(ListenerConfiguration.Timeouts().body)
        /// How many connections are open at a time, on all listeners together.
        public var maxConnections = ListenerConfiguration(endpoints: []).maximumConnections
        /// How many event loops serve them; 0 is one for each core.
        public var eventLoops = 0

        /// The defaults.
        public init() {}

        private static func seconds(_ amount: TimeAmount) -> Int { Int(amount.nanoseconds / 1_000_000_000) }
    }

    /// Bounds of what is kept and what waits.
    public struct Storage: Sendable, Equatable {
        /// MiB that have to be free on the database's volume for events to be taken; nil is 1 % of the volume and at most
        /// 256, 0 is off.
        public var minFreeMiB: Int?
        /// Events that may wait for the disk.
        public var waitingEvents = Pipeline.Settings().limits.waitingEvents
        /// MiB of event bodies that may wait for the disk.
        public var waitingMiB = Pipeline.Settings().limits.waitingBytes / (1024 * 1024)
        /// Connections that answer queries.
        public var readers = Pipeline.Settings().readers

        /// The free bytes under which nothing is taken in, on a volume of that size; 0 is no watermark.
        public func minimumFreeBytes(volumeBytes: Int64) -> Int64 {
            let mebibyte: Int64 = 1024 * 1024
            guard let minFreeMiB else { return min(volumeBytes / 100, 256 * mebibyte) }
            return Int64(minFreeMiB) * mebibyte
        }

        /// The defaults.
        public init() {}
    }

    /// How many days things are kept; 0 is for ever.
    public struct Retention: Sendable, Equatable {
        /// Resolved incidents with all that belongs to them, since they were resolved.
        public var incidentsDays = RetentionPolicy().incidentsDays
        /// Events that changed nothing.
        public var eventsDays = RetentionPolicy().eventsDays
        /// Change events.
        public var changeEventsDays = RetentionPolicy().changeEventsDays

        /// The defaults.
        public init() {}
    }

    /// Logging.
    public struct Log: Sendable, Equatable {
        /// The least grave level that is written.
        public var level = Logger.Level.info
        /// The form of a line.
        public var format = LogFormat.auto

        /// The defaults.
        public init() {}
    }

    /// The end.
    public struct Shutdown: Sendable, Equatable {
        /// Seconds that requests under way get to end.
        public var graceSeconds = 10

        /// The defaults.
        public init() {}
    }
}
