import Alerting
import Store
import WireJSON

extension ObjectWriter {
    /// A silence: who holds what back, when, and why.
    func silence(_ silence: Silence, _ counts: SilenceCounts) -> JSONValue {
        let id = ExternalID.string(.silence, silence.id)
        var members = base("silence", id: id, summary: ObjectWriter.summary(silence), path: "silences/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("status", .string(silence.status(at: now).rawValue))
        add("service", silence.serviceID.map { reference(service: $0) } ?? .null)
        add("matchers", .array(silence.matchers.matchers.map(ObjectWriter.matcher)))
        add("maintenance", .bool(silence.isMaintenance))
        add("starts_at", time.json(silence.window.start))
        add("ends_at", time.json(silence.window.end))
        add("recurrence", silence.recurrence.map(ObjectWriter.recurrence) ?? .null)
        add("comment", .string(silence.comment))
        add("created_at", time.json(silence.createdAt))
        add("created_by", reference(agent: silence.createdBy))
        add("ended_at", time.json(silence.endedAt))
        add("ended_by", silence.endedBy.map { reference(agent: $0) } ?? .null)
        add("alert_counts", ["all": JSONValue(counts.all), "suppressed": JSONValue(counts.suppressed)])
        return .object(members)
    }

    /// What a silence would have done, with samples.
    func preview(_ preview: SilencePreview, of draft: SilenceDraft) -> JSONValue {
        [
            "since": time.json(preview.since),
            "examined": JSONValue(preview.examined),
            "matched": JSONValue(preview.matched),
            "open": JSONValue(preview.open),
            "is_cut": .bool(preview.isCut),
            "summary": .string(
                "this would have held back \(preview.matched) of the \(preview.isCut ? "newest " : "")\(preview.examined) "
                    + "alerts of the last 24 hours"),
            "matchers": .array(draft.matchers.map(ObjectWriter.matcher)),
            "starts_at": time.json(draft.window.start),
            "ends_at": time.json(draft.window.end),
            "samples": .array(preview.samples.map { alert($0, []) }),
        ]
    }

    /// The comment, else what it matches.
    private static func summary(_ silence: Silence) -> String {
        if !silence.comment.isEmpty { return silence.comment }
        if silence.matchers.matchers.isEmpty { return "maintenance" }
        return silence.matchers.matchers.map(\.description).joined(separator: ", ")
    }

    /// A matcher.
    static func matcher(_ matcher: LabelMatcher) -> JSONValue {
        [
            "label": .string(matcher.label), "comparison": .string(matcher.comparison.rawValue),
            "value": .string(matcher.value),
        ]
    }

    /// A recurrence. With the time of day of the end it has no duration: its windows differ when clocks change.
    private static func recurrence(_ recurrence: Recurrence) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("rule", .string(recurrence.rule)), .init("time_zone", .string(recurrence.timeZone)),
            .init("local_start", .string(recurrence.localStart)),
        ]
        if let time = recurrence.untilTime {
            members.append(.init("until_time", .string(time)))
        } else {
            members.append(.init("duration", JSONValue(recurrence.duration)))
        }
        if let exdates = recurrence.exdates {
            members.append(.init("exdates", .array(exdates.map { .string($0) })))
        }
        return .object(members)
    }
}
