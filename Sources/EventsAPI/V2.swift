import Alerting
import WireJSON

extension ScannedBody {
    /// Reads a V2 alert event (events-api.md section 5.1).
    func draftV2(_ action: EventAction?) -> AlertDraft {
        var draft = AlertDraft()
        draft.dedupKey = text(members.dedupKey)
        let isDedupKeyTooLong = draft.dedupKey.map { key in Text.exceeds(key, EventLimits.maximumDedupKeyScalars) }
        guard let action else {
            draft.errors.append(
                text(members.eventAction) == nil
                    ? "'event_action' is missing or blank"
                    : "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')")
            if isDedupKeyTooLong == true { draft.errors.append(Self.dedupKeyTooLong) }
            return draft
        }
        if isDedupKeyTooLong == true { draft.errors.append(Self.dedupKeyTooLong) }
        if draft.dedupKey == nil, action != .trigger { draft.errors.append("'dedup_key' is missing or blank") }
        readPayload(action, into: &draft)
        if action == .trigger {
            draft.data.client = text(members.client)
            draft.data.clientURL = text(members.clientURL)
        }
        draft.details = json(members.payload?.customDetails)
        return draft
    }

    private static let dedupKeyTooLong = "'dedup_key' is too long (maximum is 255 characters)"

    /// Reads the payload, which breaks rules only in a trigger.
    private func readPayload(_ action: EventAction, into draft: inout AlertDraft) {
        let payload = members.payload
        var errors: [String] = []

        let summary = text(payload?.summary)
        if let error = summaryError(summary) { errors.append(error) }
        draft.data.summary = summary.map { text in Text.cut(text, EventLimits.maximumSummaryScalars) }

        let source = text(payload?.source)
        if source == nil { errors.append("'payload.source' is missing or blank") }
        draft.data.source = source.map { text in Text.cut(text, EventLimits.maximumSummaryScalars) }

        let severity = text(payload?.severity)
        draft.data.severity = Text.named(severity)
        if severity == nil {
            errors.append("'payload.severity' is missing or blank")
        } else if draft.data.severity == nil {
            errors.append(
                "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
            )
        }

        switch timestamp(payload?.timestamp) {
        case .absent: break
        case .valid(let moment): draft.data.sentAt = moment
        case .invalid: errors.append(Self.timestampInvalid)
        }

        draft.data.component = text(payload?.component)
        draft.data.group = text(payload?.group)
        draft.data.class = text(payload?.class)
        if action == .trigger { draft.errors += errors }
    }

    // MARK: Shared with change events

    static let timestampInvalid = "'payload.timestamp' is invalid (must be an ISO 8601 timestamp)"

    /// What is wrong with a summary. PagerDuty spells "maiximum" so, and people search for it.
    func summaryError(_ summary: String?) -> String? {
        guard let summary else { return "'payload.summary' is missing or blank" }
        guard Text.exceeds(summary, EventLimits.maximumSummaryScalars) else { return nil }
        return "'summary' is too long (maiximum is 1024 characters)"
    }

    enum TimestampMember {
        case absent
        case valid(Timestamp)
        case invalid
    }

    /// Reads `payload.timestamp`, where a number is no text but seconds or milliseconds.
    func timestamp(_ token: JSONToken?) -> TimestampMember {
        guard let token else { return .absent }
        let moment: Timestamp?
        switch token.kind {
        case .null, .array, .object: return .absent
        case .true, .false: return .invalid
        case .number: moment = TimestampParser.parse(number: String(decoding: bytes[token.range], as: UTF8.self))
        case .string:
            guard let text = text(token) else { return .absent }
            moment = TimestampParser.parse(text)
        }
        return moment.map { moment in .valid(moment) } ?? .invalid
    }
}
