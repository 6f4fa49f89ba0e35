/// What holds for every connection that comes in at one endpoint.
struct Entrance: Sendable {
    /// The certificate; absent where plain HTTP is spoken.
    let tls: TLSContext?
    /// What its requests reach.
    let tag: UInt8
    /// Whether what comes in there leaves the reserve free.
    let leavesReserve: Bool

    /// The entrance at an endpoint of a listener with that certificate. Throws `ListenerError.noCertificate`.
    init(_ endpoint: ListenerConfiguration.Endpoint, tls: TLSContext?) throws(ListenerError) {
        tag = endpoint.tag
        leavesReserve = endpoint.leavesReserve
        switch endpoint.encryption {
        case .ifConfigured: self.tls = tls
        case .none: self.tls = nil
        case .required:
            guard let tls else { throw .noCertificate(endpoint: endpoint.description) }
            self.tls = tls
        }
    }
}
