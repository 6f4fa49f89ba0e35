import Alerting
import FoundationEssentials

/// The bodies of the events that the gateway writes itself: compact JSON, members sorted, so that equal values have
/// equal bytes.
public enum EventBodyCoding {
    /// An action with its body.
    public static func event(_ action: Action, receivedAt: Timestamp) throws -> NewEvent {
        NewEvent(receivedAt: receivedAt, content: .action(action), body: try encode(action))
    }

    /// A timer with its body.
    public static func event(_ timer: TimerEvent, receivedAt: Timestamp) throws -> NewEvent {
        NewEvent(receivedAt: receivedAt, content: .timer(timer), body: try encode(timer))
    }

    /// The content in a stored body. One that this program cannot read stays in the log, and has no effect.
    static func decode<Value: Decodable>(_ body: [UInt8], _ content: (Value) -> EventContent) -> EventContent {
        do {
            return content(try JSONDecoder().decode(Value.self, from: Data(body)))
        } catch {
            return .unreadable(reason: "unreadable body")
        }
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
