import Alerting
import EventsAPI
import FoundationEssentials
import Store

/// The body that the load generator sends, filled in as it does.
struct EventTemplate: Sendable {
    private let parts: [[UInt8]]
    private let places: [String]

    /// Reads a template with `@ROUTING_KEY@`, `@DEDUP_KEY@` and `@NUMBER@`.
    init(path: String, routingKey: String = EventTemplate.routingKey) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        var parts: [[UInt8]] = []
        var places: [String] = []
        var pieces = text.replacing("@ROUTING_KEY@", with: routingKey).split(
            separator: "@", omittingEmptySubsequences: false)
        pieces.reverse()
        while let piece = pieces.popLast() {
            parts.append(Array(piece.utf8))
            if let place = pieces.popLast() { places.append(String(place)) }
        }
        self.parts = parts
        self.places = places
    }

    /// The key of the integration in every prepared database.
    static let routingKey = "benchbenchbenchbenchbenchbench00"

    /// One body. Keys and numbers have one length each, so that all bodies have.
    func body(key: Int, number: Int) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(1400)
        for (index, part) in parts.enumerated() {
            body += part
            guard index < places.count else { break }
            switch places[index] {
            case "DEDUP_KEY": body += EventTemplate.dedupKey(key).utf8
            default: body += EventTemplate.padded(number, 8).utf8
            }
        }
        return body
    }

    /// One event as the ingest path makes it.
    func event(key: Int, number: Int, integration: IntegrationID, at moment: Timestamp) throws -> NewEvent {
        let document = try EventDocument(body: body(key: key, number: number), endpoint: .v2)
        let event = try document.accept(integrationID: integration) { [UInt8](repeating: 7, count: 16) }
        return NewEvent(receivedAt: moment, content: event.content, body: event.body)
    }

    /// A recovery of the alert with that key.
    static func resolve(key: Int, integration: IntegrationID, at moment: Timestamp) throws -> NewEvent {
        let text = #"{"routing_key":"\#(routingKey)","event_action":"resolve","dedup_key":"\#(dedupKey(key))"}"#
        let event = try EventDocument(body: Array(text.utf8), endpoint: .v2).accept(integrationID: integration) { [] }
        return NewEvent(receivedAt: moment, content: event.content, body: event.body)
    }

    static func dedupKey(_ key: Int) -> String { "bench-0000-" + padded(key, 9) }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
