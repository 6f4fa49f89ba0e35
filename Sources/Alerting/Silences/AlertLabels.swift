extension Alert {
    /// The labels that matchers find an alert by, and grouping may compare.
    public static let labels = [
        "summary", "source", "severity", "component", "group", "class", "client", "dedup_key", "integration",
    ]

    /// The value of a label; nil where the alert has none. `integration` is the number of the integration.
    public func label(_ name: String) -> String? {
        switch name {
        case "summary": data.summary
        case "source": data.source
        case "severity": severity.rawValue
        case "component": data.component
        case "group": data.group
        case "class": data.class
        case "client": data.client
        case "dedup_key": key.dedupKey.text
        case "integration": ExternalID.string(.integration, key.integrationID)
        default: nil
        }
    }
}
