import Store
import WireJSON

/// Shows events that this program cannot read.
enum UnreadableEventLine {
    static func json(_ event: UnreadableEvent) -> JSONValue {
        [
            "event": JSONValue(event.id), "kind": .string(event.kind), "action": .string(event.action),
            "reason": .string(event.reason), "outcome": JSONValue(event.outcome), "had_effect": .bool(event.hadEffect),
        ]
    }
}
