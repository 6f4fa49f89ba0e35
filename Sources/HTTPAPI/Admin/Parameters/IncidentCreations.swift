import Alerting
import WireJSON

/// Reads the bodies of `POST /incidents`, of notes, merges and snoozes (rest-api.md sections 5.6 and 5.7).
enum IncidentCreations {
    /// The incident in the body of `POST /incidents`. One without a key gets the given one.
    static func draft(_ body: [UInt8], otherwiseKey key: String) throws(AdminError) -> IncidentDraft {
        let element = try RequestBody.resource("incident", in: body, called: "Incident")
        try element.requireType("incident")
        let title = try element.text("title", called: "Title", .title)
        guard let title else { throw .missingArguments("title is missing") }
        let service = try element.reference("service", .service, unknown: .unknownService, emptyIsAbsent: true)
        guard let service else { throw .missingArguments("service is missing") }
        var draft = IncidentDraft(serviceID: service, title: title, key: key)
        draft.urgency = try element.urgency()
        // A blank key is as good as none, as it is everywhere else.
        if let given = element.member("incident_key") {
            guard let text = given.stringValue else { throw .invalidInput("Incident key must be a string") }
            let maximum = TextLimit.incidentKey.maximum
            guard text.unicodeScalars.count <= maximum else {
                throw .invalidInput("Incident key is too long (maximum is \(maximum) characters)")
            }
            if !TextLimit.isBlank(text) { draft.key = text }
        }
        if let details = element.member("body")?.member("details") {
            guard let text = details.stringValue else { throw .invalidInput("Body details must be a string") }
            guard TextLimit.incidentDetails.allows(text) else {
                let maximum = TextLimit.incidentDetails.maximum
                throw .invalidInput("Body details are too long (maximum is \(maximum) characters)")
            }
            draft.details = text.isEmpty ? nil : text
        }
        return draft
    }

    /// The text in the body of `POST /incidents/{id}/notes`.
    static func note(_ body: [UInt8]) throws(AdminError) -> String {
        let element = try RequestBody.resource("note", in: body, called: "Note")
        guard let text = try element.text("content", called: "Content", .note) else {
            throw .invalidInput("Content cannot be empty")
        }
        return text
    }

    /// The sources in the body of `PUT /incidents/{id}/merge`, each once.
    static func mergeSources(_ body: [UInt8]) throws(AdminError) -> [IncidentID] {
        var sources: [IncidentID] = []
        var known: Set<IncidentID> = []
        for element in try RequestBody.list("source_incidents", in: body, called: "Source incidents") {
            try RequestBody.requireObject(element, "Each source incident must be an object")
            try element.requireType("incident")
            let id = try element.identifier(.incident, unknown: .unknownIncident)
            if known.insert(id).inserted { sources.append(id) }
        }
        return sources
    }

    /// The seconds in the body of `POST /incidents/{id}/snooze`, which has no wrapper.
    static func snoozeSeconds(_ body: [UInt8]) throws(AdminError) -> Int64 {
        guard let seconds = try RequestBody.parse(body)["duration"]?.integerValue,
            DurationLimit.snooze.allows(seconds)
        else { throw .invalidSnooze }
        return seconds
    }
}
