import Alerting

/// What a silence would have done to the alerts of the last while, had it been in force.
public struct SilencePreview: Sendable {
    /// Since when alerts were looked at.
    public var since: Timestamp
    /// How many alerts were looked at.
    public var examined: Int64 = 0
    /// How many of them it would have held back.
    public var matched: Int64 = 0
    /// How many of those are open now.
    public var open: Int64 = 0
    /// Whether there were more than could be looked at: `maximumExamined`, or fewer where the matchers cost much. Then the
    /// newest were.
    public var isCut = false
    /// The newest of those it would have held back, at most `maximumSamples`.
    public var samples: [Alert] = []

    /// How many samples there are at most.
    public static let maximumSamples = 10
    /// How many alerts are looked at at most.
    public static let maximumExamined: Int64 = 100_000
    private static let pageSize: Int64 = 1000
    /// Matchers of so many steps are cheap (`Pattern.stepsPerScalar`).
    private static let cheapSteps: Int64 = 200

    /// Looks through the alerts opened since a moment, the newest first. Throws `MatcherSyntaxError` where the draft's
    /// matchers cannot be made ready.
    public static func run(
        _ draft: SilenceDraft, since: Timestamp, _ connection: Connection
    ) throws -> SilencePreview {
        let matchers = try MatcherSet(draft.matchers)
        let limit = maximumExamined / max(1, Int64(matchers.stepsPerScalar) / cheapSteps)
        var preview = SilencePreview(since: since)
        var last = AlertID.max
        while true {
            let alerts = try connection.all(
                "SELECT \(AlertRows.columns) FROM alerts WHERE id < ? ORDER BY id DESC LIMIT ?",
                {
                    $0.add(last)
                    $0.add(pageSize)
                }, { AlertRows.read($0) })
            for alert in alerts {
                guard alert.createdAt >= since else { return preview }
                guard preview.examined < max(limit, pageSize) else {
                    preview.isCut = true
                    return preview
                }
                preview.examine(alert, draft.serviceID, matchers)
            }
            guard let end = alerts.last, alerts.count == Int(pageSize) else { return preview }
            last = end.id
        }
    }

    private mutating func examine(_ alert: Alert, _ service: ServiceID?, _ matchers: MatcherSet) {
        examined += 1
        guard service == nil || service == alert.serviceID, matchers.matches({ alert.label($0) }) else { return }
        matched += 1
        if alert.status == .triggered { open += 1 }
        if samples.count < SilencePreview.maximumSamples { samples.append(alert) }
    }
}
