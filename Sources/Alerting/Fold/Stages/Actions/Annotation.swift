/// A note on an incident, open or not (rest-api.md section 5.6).
enum Annotation {
    static func apply(
        _ content: String, on id: IncidentID, _ arrival: ActionArrival, to state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        guard let incident = state.incidents[id] else { throw RefusedAction(.unknownIncident, id) }
        guard state.noteCount(ofIncident: id) < Note.maximumCount else { throw RefusedAction(.tooManyNotes, id) }
        state.insert(
            Note(id: arrival.id, incidentID: id, content: content, createdAt: arrival.now, agent: arrival.agent))
        state.updateIncident(id) { $0.updatedAt = arrival.now }
        state.log(.annotate, event: arrival.id, at: arrival.now, incident: incident, agent: arrival.agent) {
            $0.note = content
        }
        return .applied(id)
    }
}
