import Alerting
import WireJSON

/// A change event as far as it could be read, with every rule it breaks.
struct ChangeDraft {
    var summary: String?
    var source: String?
    var sentAt: Timestamp?
    /// `payload.custom_details`, unless absent or null.
    var details: ArraySlice<UInt8>?
    /// In the order of the fields; without those of the integration key.
    var errors: [String] = []
}

extension ScannedBody {
    /// Reads a change event (events-api.md section 5.3).
    func draftChange() -> ChangeDraft {
        var draft = ChangeDraft()
        draft.summary = text(members.payload?.summary)
        if let error = summaryError(draft.summary) { draft.errors.append(error) }
        draft.source = text(members.payload?.source).map { text in Text.cut(text, EventLimits.maximumSummaryScalars) }
        switch timestamp(members.payload?.timestamp) {
        case .absent: break
        case .valid(let moment): draft.sentAt = moment
        case .invalid: draft.errors.append(Self.timestampInvalid)
        }
        draft.details = json(members.payload?.customDetails)
        return draft
    }
}
