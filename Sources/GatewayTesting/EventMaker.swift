import Alerting
import Store

/// Makes events as the listener would hand them to the log.
public enum EventMaker {
    /// A V2 event with a small JSON body; a trigger has the three members that it needs.
    public static func event(
        _ action: EventAction, _ key: String = "disk", integration: IntegrationID, version: EventVersion = .v2,
        severity: Severity? = .critical, summary: String = "disk full", digest: Int64 = 1,
        attachments: Attachments = [], at moment: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)
    ) -> NewEvent {
        var data = AlertData()
        if action == .trigger {
            data.summary = summary
            data.source = version == .v2 ? "db1" : nil
            data.severity = version == .v2 ? severity : nil
        }
        let alert = AlertEvent(
            version: version, action: action, integrationID: integration, dedupKey: DedupKey(key), data: data,
            attachments: attachments, contentDigest: digest)
        let body = #"{"event_action":"\#(action.rawValue)","digest":\#(digest)}"#
        return NewEvent(receivedAt: moment, content: .alert(alert), body: Array(body.utf8))
    }

    /// An action of the operator at the machine.
    public static func action(
        _ command: Action.Command, by requester: Action.Requester = .commandLine,
        at moment: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)
    ) throws -> NewEvent {
        EventBodyCoding.event(Action(requester: requester, command: command), receivedAt: moment)
    }
}
