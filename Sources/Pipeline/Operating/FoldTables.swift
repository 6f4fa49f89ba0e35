/// The tables that the fold writes, in an order in which they can be emptied.
enum FoldTables {
    static let names = [
        "event_outcomes", "incident_actions", "timers", "notes", "log_entries", "change_events", "incident_keys",
        "alert_groups", "alert_holds", "flap_links", "storm_links", "inhibition_sources", "incident_details", "alerts",
        "incidents",
        "silences",
        "inhibition_rules", "integrations", "services",
        "api_tokens",
    ]
}
