import WireJSON

/// The stored body of an accepted event, read again for what only people read.
public struct EventBody: Sendable {
    private let scanned: ScannedBody
    private let version: APIVersion

    /// Reads the bytes of an event that was accepted as that version.
    ///
    /// - Throws: where they are no JSON object, which an accepted body always is.
    public init(_ bytes: [UInt8], version: APIVersion) throws(JSONError) {
        scanned = try ScannedBody(bytes)
        self.version = version
    }

    /// `payload.custom_details`, or `details` in V1, byte for byte as the sender wrote it. Nil where absent or null.
    public func detailsJSON() -> [UInt8]? {
        let token = version == .v1 ? scanned.members.details : scanned.members.payload?.customDetails
        return scanned.json(token).map { bytes in Array(bytes) }
    }

    /// The first 50 usable links, in the sender's order.
    public func links() -> [Link] {
        ContextReader(scanned, version).links()
    }

    /// The first 50 usable images, in the sender's order.
    public func images() -> [Image] {
        ContextReader(scanned, version).images()
    }

    /// The links, then the images.
    public func contexts() -> [Context] {
        links().map { link in .link(link) } + images().map { image in .image(image) }
    }
}
