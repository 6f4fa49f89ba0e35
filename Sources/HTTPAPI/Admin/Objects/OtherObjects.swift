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
        let parts = resources.parts[change.id] ?? EventParts()
        let id = ExternalID.string(.changeEvent, change.id)
        return [
            "id": .string(id),
            "type": "change_event",
            "summary": .string(change.summary),
            "self": .string("\(baseURL)/change_events/\(id)"),
            "html_url": .null,
            "timestamp": time.json(change.occurredAt),
            "source": JSONValue(change.source),
            "integration": changeIntegration(change.integrationID),
            "services": .array([reference(service: change.serviceID)]),
            "custom_details": parts.detailsAsGiven,
            "links": .array(parts.links.map(ObjectWriter.withoutType)),
            "images": .array(parts.images.map(ObjectWriter.withoutType)),
        ]
    }

    private func changeIntegration(_ id: IntegrationID) -> JSONValue {
        let text = ExternalID.string(.integration, id)
        let integration = resources.integrations[id]
        return reference(
            "inbound_integration", id: text, summary: integration?.name ?? text,
            path: integration.map { "services/\(ExternalID.string(.service, $0.serviceID))/integrations/\(text)" })
    }

    /// A link or an image as its sender wrote it.
    private static func withoutType(_ context: JSONValue) -> JSONValue {
        .object((context.objectValue ?? []).filter { !$0.name.utf8.elementsEqual("type".utf8) })
    }
}
