import Alerting
import Store
import WireJSON

/// What a silence would have held back, as it is told.
struct SilencePreviewReport {
    private var draft: SilenceDraft
    private var preview: SilencePreview
    /// The names of the services that it tells of.
    private var services: [ServiceID: String]

    /// It looks so many seconds back.
    private static let seconds = DurationLimit.silencePreview

    /// Looks through the alerts of the last 24 hours.
    static func read(
        _ draft: SilenceDraft, at now: Timestamp, _ options: DatabaseOptions
    ) throws -> SilencePreviewReport {
        if let refusal = draft.refusal(at: now) { throw Failure.refused(refusal.explanation(subject: nil)) }
        return try options.read { connection in
            let preview = try SilencePreview.run(draft, since: now.adding(seconds: -seconds), connection)
            var ids = Set(preview.samples.map(\.serviceID))
            if let id = draft.serviceID { ids.insert(id) }
            let services = try ServiceQueries.services(ids, connection)
            return SilencePreviewReport(draft: draft, preview: preview, services: services.mapValues(\.name))
        }
    }

    var json: JSONValue {
        [
            "since": .string(Output.time(preview.since)), "examined": JSONValue(preview.examined),
            "matched": JSONValue(preview.matched), "open": JSONValue(preview.open), "is_cut": .bool(preview.isCut),
            "summary": .string(summary), "service": JSONValue(draft.serviceID.map(name)),
            "matchers": .array(draft.matchers.map(SilenceLine.json)),
            "starts_at": .string(Output.time(draft.window.start)), "ends_at": .string(Output.time(draft.window.end)),
            "samples": .array(preview.samples.map(sample)),
        ]
    }

    func print() {
        Output.line(summary)
        guard !preview.samples.isEmpty else { return }
        Output.line("")
        Output.table(
            ["SINCE", "SERVICE", "SEVERITY", "SUMMARY"],
            preview.samples.map { alert in
                [
                    Output.time(alert.createdAt), name(alert.serviceID), alert.severity.rawValue,
                    alert.data.summary ?? "",
                ]
            })
    }

    private var summary: String {
        let examined = preview.isCut ? "newest \(preview.examined)" : "\(preview.examined)"
        return "this would have held back \(preview.matched) of the \(examined) alerts of the last 24 hours"
    }

    private func name(_ id: ServiceID) -> String { services[id] ?? ExternalID.string(.service, id) }

    private func sample(_ alert: Alert) -> JSONValue {
        let line = AlertLine(alert)
        return [
            "id": .string(line.id), "created_at": .string(line.createdAt), "service": .string(name(alert.serviceID)),
            "status": .string(line.status), "severity": .string(line.severity), "alert_key": .string(line.key),
            "summary": .string(line.summary), "source": JSONValue(line.source),
        ]
    }
}
