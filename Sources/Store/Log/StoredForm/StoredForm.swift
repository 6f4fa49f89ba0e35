import Alerting
import WireJSON

/// The bodies of the events that the gateway writes itself, as the log holds them for ever
/// (docs/adr/0018-the-stored-form-of-the-log.md): compact JSON, members sorted, so that equal values have equal bytes.
/// Form 2 is written; form 1, that of the first version, is still read. An action of form 1 has a member `command` and a timer
/// of form 1 has a member `kind`; nothing in form 2 may be called so.
enum StoredForm {
    static func body(_ action: Action) -> [UInt8] { ActionForm.write(action).serialized() }

    static func body(_ timer: TimerEvent) -> [UInt8] { TimerForm.write(timer).serialized() }

    static func action(_ body: [UInt8]) throws(StoredFormError) -> Action {
        let value = try parsed(body)
        return try value["command"] == nil ? ActionForm.read(value) : FirstForm.action(value)
    }

    static func timer(_ body: [UInt8]) throws(StoredFormError) -> TimerEvent {
        let value = try parsed(body)
        return try value["kind"] == nil ? TimerForm.read(value) : FirstForm.timer(value)
    }

    private static func parsed(_ body: [UInt8]) throws(StoredFormError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: body)
        } catch {
            throw StoredFormError("the body is not JSON")
        }
    }
}
