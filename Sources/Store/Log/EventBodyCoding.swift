import Alerting

/// The events that the gateway writes itself, with their bodies in the log's form.
public enum EventBodyCoding {
    /// An action with its body.
    public static func event(_ action: Action, receivedAt: Timestamp) -> NewEvent {
        NewEvent(receivedAt: receivedAt, content: .action(action), body: StoredForm.body(action))
    }

    /// A timer with its body.
    public static func event(_ timer: TimerEvent, receivedAt: Timestamp) -> NewEvent {
        NewEvent(receivedAt: receivedAt, content: .timer(timer), body: StoredForm.body(timer))
    }

    /// The action in a stored body. One that this program cannot read stays in the log, and has no effect.
    static func action(_ body: [UInt8]) -> EventContent {
        do throws(StoredFormError) {
            return .action(try StoredForm.action(body))
        } catch {
            return .unreadable(reason: error.description)
        }
    }

    /// The timer in a stored body.
    static func timer(_ body: [UInt8]) -> EventContent {
        do throws(StoredFormError) {
            return .timer(try StoredForm.timer(body))
        } catch {
            return .unreadable(reason: error.description)
        }
    }
}
