import Alerting
import WireJSON

/// Reads the bodies of writes on maintenance windows, PagerDuty's view of silences over whole services.
enum MaintenanceWindowChanges {
    /// The silence in the body of `POST /maintenance_windows`. As in PagerDuty, a start in the past is now.
    static func draft(
        _ body: [UInt8], at now: Timestamp, _ times: TimeParameters
    ) throws(AdminError) -> SilenceDraft {
        let change = try change(body, times)
        guard let service = change.serviceID else { throw .missingArguments("services is missing") }
        guard let start = change.start else { throw .missingArguments("start_time is missing") }
        guard let end = change.end else { throw .missingArguments("end_time is missing") }
        return SilenceDraft(
            serviceID: service, matchers: [], window: Recurrence.Window(start: max(start, now), end: end),
            comment: change.description ?? "", isMaintenance: true)
    }

    /// What a body says of a window.
    struct Change: Sendable {
        var serviceID: ServiceID?
        var start: Timestamp?
        var end: Timestamp?
        var description: String?

        /// The change of the silence: what is as it is shown stays. Only end and description may be other than they are.
        func update(of silence: Silence) throws(AdminError) -> SilenceUpdate {
            if let serviceID, serviceID != silence.serviceID {
                throw .invalidInput("services cannot be changed; delete the window and create another")
            }
            if let start, !start.isShown(as: silence.window.start) {
                throw .invalidInput("start_time cannot be changed; delete the window and create another")
            }
            let newEnd = end.flatMap { $0.isShown(as: silence.window.end) ? nil : $0 }
            return SilenceUpdate(end: newEnd, comment: description)
        }
    }

    /// The change in the body of `PUT /maintenance_windows/{id}`.
    static func change(_ body: [UInt8], _ times: TimeParameters) throws(AdminError) -> Change {
        let element = try RequestBody.resource("maintenance_window", in: body, called: "Maintenance window")
        try element.requireType("maintenance_window")
        var change = Change()
        change.serviceID = try service(element)
        change.start = try moment("start_time", in: element, times)
        change.end = try moment("end_time", in: element, times)
        if let value = element.member("description") {
            let maximum = TextLimit.comment.maximum
            guard let text = value.stringValue, text.unicodeScalars.count <= maximum else {
                throw .invalidInput("Description must be a string (maximum is \(maximum) characters)")
            }
            change.description = text
        }
        return change
    }

    /// The one service: a silence is of one service, and a window is one silence.
    private static func service(_ element: JSONValue) throws(AdminError) -> ServiceID? {
        guard let value = element.member("services") else { return nil }
        guard let references = value.arrayValue else { throw .invalidInput("services must be an array") }
        var services: Set<ServiceID> = []
        for reference in references {
            try RequestBody.requireObject(reference, "Each service must be a reference")
            services.insert(try reference.identifier(.service, unknown: .unknownService))
        }
        guard services.count <= 1 else {
            throw .invalidInput("services: a maintenance window is of one service; create one window for each")
        }
        return services.first
    }

    private static func moment(
        _ name: String, in element: JSONValue, _ times: TimeParameters
    ) throws(AdminError) -> Timestamp? {
        guard let value = element.member(name) else { return nil }
        guard let moment = value.stringValue.flatMap({ TimeParameters.moment($0, in: times.zone) }) else {
            throw .invalidInput("\(name) must be a time in ISO 8601")
        }
        return moment
    }
}

extension Timestamp {
    /// Whether another moment is shown as this one is: answers have whole seconds.
    fileprivate func isShown(as other: Timestamp) -> Bool { milliseconds / 1000 == other.milliseconds / 1000 }
}
