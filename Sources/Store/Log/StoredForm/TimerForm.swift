import Alerting
import WireJSON

/// The stored form of timers that fell due: `{"timer":"snooze","subject_id":3,"due_at":1700000000000}`.
enum TimerForm {
    static func write(_ timer: TimerEvent) -> JSONValue {
        var writer = StoredWriter()
        writer.add("timer", named: timer.kind)
        writer.add("subject_id", timer.subjectID)
        writer.add("due_at", timer.dueAt)
        writer.add(
            "next_window", timer.nextWindow.map { window in StoredWriter { WindowForm.write(window, to: &$0) }.object })
        return writer.object
    }

    static func read(_ value: JSONValue) throws(StoredFormError) -> TimerEvent {
        try StoredReader.read(value, of: "the timer") { (reader) throws(StoredFormError) in
            TimerEvent(
                kind: try reader.named("timer"), subjectID: try reader.integer("subject_id"),
                dueAt: try reader.time("due_at"), nextWindow: try reader.optional("next_window", window))
        }
    }

    private static func window(_ value: JSONValue) throws(StoredFormError) -> Recurrence.Window {
        try StoredReader.read(value, of: "next_window") { (reader) throws(StoredFormError) in
            try WindowForm.read(&reader)
        }
    }
}
