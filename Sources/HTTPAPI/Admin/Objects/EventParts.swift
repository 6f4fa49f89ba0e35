import Alerting
import EventsAPI
import Store
import WireJSON

/// What people read of an event's body: details, links and images.
struct EventParts: Sendable {
    /// The custom details, byte for byte as the sender wrote them; nil where there are none.
    var details: [UInt8]?
    /// The links, in the form of an answer.
    var links: [JSONValue] = []
    /// The images, in the form of an answer.
    var images: [JSONValue] = []

    /// Nothing.
    init() {}

    /// The parts of a stored body. One that cannot be read, which no accepted body is, has none: the answer is worth
    /// more than the details.
    init(_ body: StoredBody) {
        let version: APIVersion =
            switch body.version {
            case .v1: .v1
            case .v2: .v2
            case nil: .change
            }
        guard let body = try? EventBody(body.bytes, version: version) else { return }
        details = body.detailsJSON()
        links = body.links().map { Context.link($0).json }
        images = body.images().map { Context.image($0).json }
    }

    /// Links, then images.
    var contexts: JSONValue { .array(links + images) }

    /// The details as they are; an empty object where there are none.
    var detailsAsGiven: JSONValue { details.map { .raw($0) } ?? .object([]) }

    /// The details as an object: what is none stands in one as `details` (rest-api.md section 6.2).
    var detailsAsObject: JSONValue {
        guard let details else { return .object([]) }
        return EventParts.isObject(details) ? .raw(details) : ["details": .raw(details)]
    }

    /// The details as an object with more members at its end.
    func detailsAsObject(adding members: [JSONValue.Member]) -> JSONValue {
        guard !members.isEmpty, let details else { return members.isEmpty ? detailsAsObject : .object(members) }
        guard EventParts.isObject(details) else {
            return .object([JSONValue.Member("details", .raw(details))] + members)
        }
        let blanks: [UInt8] = Array(" \t\r\n".utf8)
        let inner = details.dropFirst().dropLast()
        guard inner.contains(where: { !blanks.contains($0) }) else { return .object(members) }
        let added = JSONValue.object(members).serialized().dropFirst()
        return .raw([UInt8(ascii: "{")] + inner + [UInt8(ascii: ",")] + added)
    }

    private static func isObject(_ json: [UInt8]) -> Bool { json.first == UInt8(ascii: "{") }
}
