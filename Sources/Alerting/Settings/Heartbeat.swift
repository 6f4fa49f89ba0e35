/// A heartbeat: an integration is expected to send an event, whichever, at least every so many seconds. When it does not,
/// an alert of its own opens; its next event resolves that.
///
/// Whether one is missed is found out beside the fold, and stands in the log as an event: what an integration sent last
/// may be gone from the log long before (docs/adr/0011-what-is-decided-beside-the-fold.md).
public enum Heartbeat {
    /// What the alert of a missed heartbeat is deduplicated by, on its integration.
    public static let dedupKey = DedupKey("alertgate/heartbeat")
    /// How many seconds there may be between two events.
    public static let intervals: ClosedRange<Int64> = 10...604_800

    /// The key of an integration's alert.
    public static func key(of integration: IntegrationID) -> AlertKey {
        AlertKey(integrationID: integration, dedupKey: dedupKey)
    }
}
