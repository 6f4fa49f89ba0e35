import HTTPServer

/// Which part of the gateway answers at an endpoint of the listener, which hands it on with each request as the tag of the
/// endpoint. `.events` leaves the listener's reserve free, so that senders do not use up what `.admin` needs.
public enum Surface: UInt8, Sendable, Hashable {
    /// All of it.
    case everything = 0
    /// What senders need: the events paths.
    case events = 1
    /// What operators need: the REST API, health and metrics.
    case admin = 2

    /// The surface of a tag.
    fileprivate init(tag: UInt8) {
        guard let surface = Surface(rawValue: tag) else { preconditionFailure("no surface has the tag \(tag)") }
        self = surface
    }
}

extension ListenerConfiguration.Endpoint {
    /// An endpoint that answers a part of the gateway.
    public init(_ place: Place, encryption: Encryption = .ifConfigured, surface: Surface) {
        self.init(place, encryption: encryption, tag: surface.rawValue, leavesReserve: surface == .events)
    }

    /// What is answered there.
    public var surface: Surface { Surface(tag: tag) }
}

extension HTTPListener.BoundAddress {
    /// What is answered there.
    public var surface: Surface { Surface(tag: tag) }
}

extension HTTPRequest.Head {
    /// What is answered where it came in.
    var surface: Surface { Surface(tag: tag) }
}
