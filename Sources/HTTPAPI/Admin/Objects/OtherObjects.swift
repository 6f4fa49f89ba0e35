import Alerting
import Store
import WireJSON

extension ObjectWriter {
    /// A note (rest-api.md section 6.4).
    func note(_ note: Note) -> JSONValue {
        [
            "id": .string(ExternalID.string(.note, note.id)),
            "content": .string(note.content),
            "created_at": time.json(note.createdAt),
            "updated_at": time.json(note.createdAt),
            "user": reference(agent: note.agent),
            "channel": ["summary": "The REST API"],
        ]
    }

    /// A change event (rest-api.md section 6.6).
    func changeEvent(_ change: StoredChangeEvent) -> JSONValue {
        .object(members(of: change))
    }

    /// A change event, and why it is shown beside an incident.
    func relatedChangeEvent(_ change: StoredChangeEvent) -> JSONValue {
        .object(members(of: change) + [JSONValue.Member("correlation_reason", ["reason": "most_recent"])])
    }

    private func members(of change: StoredChangeEvent) -> [JSONValue.Member] {
        let parts = resources.parts[change.id] ?? EventParts()
        let id = ExternalID.string(.changeEvent, change.id)
        var members = base("change_event", id: id, summary: change.summary, path: "change_events/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("timestamp", time.json(change.occurredAt))
        add("source", JSONValue(change.source))
        add("integration", reference(integration: change.integrationID, type: "inbound_integration"))
        add("services", .array([reference(service: change.serviceID)]))
        add("custom_details", parts.detailsAsGiven)
        add("links", .array(parts.links.map(ObjectWriter.withoutType)))
        add("images", .array(parts.images.map(ObjectWriter.withoutType)))
        return members
    }

    /// A link or an image as its sender wrote it.
    private static func withoutType(_ context: JSONValue) -> JSONValue {
        .object((context.objectValue ?? []).filter { !$0.name.utf8.elementsEqual("type".utf8) })
    }
}
