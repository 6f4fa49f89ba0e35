import Alerting
import WireJSON

/// The stored form of what persons do to incidents and alerts.
enum IncidentForm {
    // MARK: create_incident

    static func write(_ draft: IncidentDraft, to writer: inout StoredWriter) {
        writer.add("service_id", draft.serviceID)
        writer.add("title", draft.title)
        writer.add("urgency", named: draft.urgency)
        writer.add("incident_key", draft.key)
        writer.add("details", draft.details)
    }

    static func draft(_ reader: inout StoredReader) throws(StoredFormError) -> IncidentDraft {
        IncidentDraft(
            serviceID: try reader.integer("service_id"), title: try reader.text("title"),
            key: try reader.text("incident_key"), urgency: try reader.optionalNamed("urgency"),
            details: try reader.optionalText("details"))
    }

    // MARK: update_incidents

    static func write(_ updates: [IncidentUpdate], to writer: inout StoredWriter) {
        writer.add("incidents", each: updates) { update in
            StoredWriter {
                $0.add("id", update.incidentID)
                $0.add("status", named: update.status)
                $0.add("title", update.title)
                $0.add("urgency", named: update.urgency)
                $0.add("resolution", update.resolution)
            }.object
        }
    }

    static func updates(_ reader: inout StoredReader) throws(StoredFormError) -> [IncidentUpdate] {
        try reader.list("incidents") { (value) throws(StoredFormError) in
            try StoredReader.read(value, of: "an element of incidents") { (reader) throws(StoredFormError) in
                IncidentUpdate(
                    incidentID: try reader.integer("id"), status: try reader.optionalNamed("status"),
                    title: try reader.optionalText("title"), urgency: try reader.optionalNamed("urgency"),
                    resolution: try reader.optionalText("resolution"))
            }
        }
    }

    // MARK: update_alerts

    static func write(_ updates: [AlertUpdate], of incident: IncidentID, to writer: inout StoredWriter) {
        writer.add("incident_id", incident)
        writer.add("alerts", each: updates) { update in
            StoredWriter {
                $0.add("id", update.alertID)
                $0.add("status", named: update.status)
                $0.add("incident_id", update.incidentID)
            }.object
        }
    }

    static func alertUpdates(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        let incident = try reader.integer("incident_id")
        let updates = try reader.list("alerts") { (value) throws(StoredFormError) in
            try StoredReader.read(value, of: "an element of alerts") { (reader) throws(StoredFormError) in
                AlertUpdate(
                    alertID: try reader.integer("id"), status: try reader.optionalNamed("status"),
                    incidentID: try reader.optionalInteger("incident_id"))
            }
        }
        return .updateAlerts(incident, updates)
    }

    // MARK: merge_incidents, snooze_incident, add_note

    static func writeMerge(of sources: [IncidentID], into target: IncidentID, to writer: inout StoredWriter) {
        writer.add("incident_id", target)
        writer.add("source_incidents", numbers: sources)
    }

    static func merge(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .mergeIncidents(into: try reader.integer("incident_id"), try reader.numbers("source_incidents"))
    }

    static func writeSnooze(_ incident: IncidentID, _ seconds: Int64, to writer: inout StoredWriter) {
        writer.add("incident_id", incident)
        writer.add("duration", seconds)
    }

    static func snooze(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .snoozeIncident(try reader.integer("incident_id"), seconds: try reader.integer("duration"))
    }

    static func writeNote(_ content: String, on incident: IncidentID, to writer: inout StoredWriter) {
        writer.add("incident_id", incident)
        writer.add("content", content)
    }

    static func note(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .addNote(try reader.integer("incident_id"), content: try reader.text("content"))
    }
}
