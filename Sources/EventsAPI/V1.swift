import Alerting
import WireJSON

extension ScannedBody {
    /// Reads a V1 event (events-api.md section 5.2).
    func draftV1(_ action: EventAction?) -> AlertDraft {
        var draft = AlertDraft()
        draft.dedupKey = text(members.incidentKey)
        if action == nil {
            draft.errors.append("event_type is invalid (must be one of: trigger acknowledge resolve)")
        }
        if draft.dedupKey == nil, let action, action != .trigger {
            draft.errors.append("Incident key is missing or blank")
        }
        if let key = draft.dedupKey, Text.exceeds(key, EventLimits.maximumDedupKeyScalars) {
            draft.errors.append("Incident key is too long (maximum is 255 characters)")
        }
        guard let action else { return draft }

        draft.data.summary = text(members.description)
        if let description = draft.data.summary {
            if Text.exceeds(description, EventLimits.maximumSummaryScalars) {
                // A recovery always passes: its text is cut, as V2's is.
                if action == .trigger {
                    draft.errors.append("Description is too long (maximum is 1024 characters)")
                } else {
                    draft.data.summary = Text.cut(description, EventLimits.maximumSummaryScalars)
                }
            }
        } else if action == .trigger {
            draft.errors.append("Description is missing or blank")
        }
        if action == .trigger {
            draft.data.client = text(members.client)
            draft.data.clientURL = text(members.clientURL)
        }
        draft.details = json(members.details)
        return draft
    }
}
