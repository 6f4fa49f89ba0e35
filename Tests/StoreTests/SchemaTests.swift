import GatewayTesting
import Store
import Testing

/// docs/architecture.md, promises 3 and 8: the schema holds what the program promises, and reads as its own manual.
@Suite struct SchemaTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
    }

    @Test func everyTableIsStrict() throws {
        let loose = try connection.all(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'
            """
        ) { $0.text(0) }
        #expect(loose.isEmpty)
        #expect(try connection.tables().count >= 12)
    }

    @Test func everyTableAndViewSaysWhatItIs() throws {
        let silent = try connection.all(
            """
            SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
            AND sql NOT LIKE 'CREATE%' || char(10) || '    -- %'
            """
        ) { $0.text(0) }
        #expect(silent.isEmpty)
    }

    @Test func timesAndDurationsNameTheirUnit() throws {
        let sql = try connection.all("SELECT sql FROM sqlite_schema WHERE name IN ('events', 'services')") {
            $0.text(0)
        }
        .joined()
        #expect(sql.contains("ms since 1970 UTC"))
        for line in sql.split(separator: "\n") where line.contains("timeout") && line.contains("INTEGER") {
            #expect(line.contains("seconds"), "\(line)")
        }
    }

    @Test func theTablesAndViewsOfTheDesignAreThere() throws {
        let tables = try connection.tables()
        for table in [
            "events", "event_outcomes", "services", "integrations", "alerts", "incidents", "log_entries", "notes",
            "timers", "change_events", "api_tokens", "worker_cursor", "schema_migrations",
        ] { #expect(tables.contains(table)) }
        let views = try connection.all("SELECT name FROM sqlite_schema WHERE type = 'view'") { $0.text(0) }
        for view in ["open_incidents", "incident_timeline", "event_trace", "recent_events"] {
            #expect(views.contains(view))
        }
    }

    @Test func theLogHasNoSecondaryIndex() throws {
        let indexes = try connection.all("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events'")
        {
            $0.text(0)
        }
        #expect(indexes.isEmpty)
    }

    // MARK: Constraints

    private static let rows = """
        INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'v2', 'trigger', x'7b7d');
        INSERT INTO services (id, name, created_at) VALUES (1, 'Shop', 1);
        INSERT INTO services (id, name, created_at) VALUES (2, 'Bank', 1);
        INSERT INTO integrations (id, service_id, name, key, default_severity, created_at)
            VALUES (1, 1, 'I', 'abcdefgh', 'critical', 1), (2, 1, 'J', 'hgfedcba', 'critical', 1);
        INSERT INTO api_tokens (id, name, hash, read_only, created_at) VALUES (1, 't', x'01', 0, 1), (2, 't', x'02', 1, 1);
        INSERT INTO incidents (id, service_id, incident_key, title, status, urgency, urgency_set_by_hand, created_at,
            updated_at, last_status_change_at, last_status_change_by, alert_count, open_alert_count,
            open_high_urgency_count)
            VALUES (1, 1, 'k', 't', 'triggered', 'high', 0, 1, 1, 1, 'service:1', 2, 1, 1);
        INSERT INTO alerts (id, incident_id, service_id, integration_id, dedup_key, status, summary, source, severity,
            highest_severity, created_at, updated_at, trigger_count, last_trigger_digest, last_trigger_entry_id,
            repeat_count)
            VALUES (1, 1, 1, 1, 'k', 'triggered', 's', 'o', 'error', 'error', 1, 1, 1, 1, 4096, 0);
        INSERT INTO timers (kind, subject_id, due_at) VALUES ('auto_resolve', 1, 1);
        """

    @Test(arguments: [
        "UPDATE events SET kind = 'v3'", "UPDATE events SET kind = NULL", "UPDATE events SET severity = 'Critical'",
        "UPDATE events SET body = NULL", "UPDATE events SET body = 'text'", "UPDATE events SET received_at = 'now'",
        "UPDATE events SET received_at = 1.5", "UPDATE events SET action = NULL", "UPDATE events SET dedup_key = x'00'",
        "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'v2', 'trigger', x'7b7d')",
        "INSERT INTO worker_cursor (id, event_id) VALUES (2, 0)", "UPDATE worker_cursor SET event_id = NULL",
        "UPDATE services SET name = 'Shop'", "UPDATE services SET name = NULL",
        "UPDATE services SET acknowledgement_timeout = 0", "UPDATE services SET acknowledgement_timeout = -1",
        "UPDATE services SET auto_resolve_timeout = 0", "UPDATE services SET auto_resolve_timeout = 'never'",
        "UPDATE integrations SET key = 'abcdefgh'", "UPDATE integrations SET default_severity = 'high'",
        "UPDATE integrations SET default_severity = NULL", "UPDATE integrations SET service_id = 99",
        "DELETE FROM services WHERE id = 1",
        "UPDATE api_tokens SET hash = x'01'", "UPDATE api_tokens SET read_only = 2",
        "UPDATE api_tokens SET hash = 'text'",
        "UPDATE incidents SET status = 'open'", "UPDATE incidents SET status = 'resolved'",
        "UPDATE incidents SET status = 'resolved', resolved_at = 2",
        "UPDATE incidents SET status = 'resolved', resolved_event_id = 2",
        "UPDATE incidents SET resolved_at = 2", "UPDATE incidents SET resolved_event_id = 2",
        "UPDATE incidents SET status = 'acknowledged'", "UPDATE incidents SET acknowledgements = '[]'",
        "UPDATE incidents SET urgency = 'medium'", "UPDATE incidents SET urgency_set_by_hand = 2",
        "UPDATE incidents SET alert_count = -1", "UPDATE incidents SET open_alert_count = -1",
        "UPDATE incidents SET open_alert_count = 3", "UPDATE incidents SET open_high_urgency_count = 2",
        "UPDATE incidents SET open_high_urgency_count = -1", "UPDATE incidents SET title = NULL",
        "UPDATE alerts SET status = 'acknowledged'", "UPDATE alerts SET status = 'resolved'",
        "UPDATE alerts SET status = 'resolved', resolved_at = 2",
        "UPDATE alerts SET status = 'resolved', resolved_event_id = 2", "UPDATE alerts SET resolved_at = 2",
        "UPDATE alerts SET resolved_event_id = 2", "UPDATE alerts SET severity = 'fatal'",
        "UPDATE alerts SET severity = NULL", "UPDATE alerts SET highest_severity = ''",
        "UPDATE alerts SET trigger_count = 0", "UPDATE alerts SET repeat_count = -1",
        "UPDATE alerts SET summary = NULL",
        "UPDATE alerts SET source = NULL", "UPDATE alerts SET created_at = '2024-01-01T00:00:00Z'",
        "INSERT INTO timers (kind, subject_id, due_at) VALUES ('nap', 2, 1)",
        "INSERT INTO timers (kind, subject_id, due_at) VALUES ('auto_resolve', 1, 2)",
        "UPDATE timers SET due_at = 'soon'",
    ])
    func theSchemaRefuses(statement: String) throws {
        try connection.execute(Self.rows)
        let error = #expect(throws: SQLiteError.self) { try connection.execute(statement) }
        #expect(error?.isConstraint == true, "\(String(describing: error))")
    }

    private static let secondAlert = """
        INSERT INTO alerts (id, incident_id, service_id, integration_id, dedup_key, status, summary, source, severity,
            highest_severity, created_at, updated_at, resolved_at, resolved_event_id, trigger_count,
            last_trigger_digest, last_trigger_entry_id, repeat_count)
        """

    @Test func aSecondOpenAlertOfAKeyIsRefused() throws {
        try connection.execute(Self.rows)
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute(
                Self.secondAlert
                    + "VALUES (2, 1, 1, 1, 'k', 'triggered', 's', 'o', 'info', 'info', 1, 1, NULL, NULL, 1, 1, 2, 0)")
        }
        #expect(error?.isConstraint == true)
    }

    @Test(arguments: [
        "VALUES (2, 1, 1, 2, 'k', 'triggered', 's', 'o', 'info', 'info', 1, 1, NULL, NULL, 1, 1, 2, 0)",
        "VALUES (2, 1, 1, 1, 'K', 'triggered', 's', 'o', 'info', 'info', 1, 1, NULL, NULL, 1, 1, 2, 0)",
        "VALUES (2, 1, 1, 1, 'k ', 'triggered', 's', 'o', 'info', 'info', 1, 1, NULL, NULL, 1, 1, 2, 0)",
        "VALUES (2, 1, 1, 1, 'k', 'resolved', 's', 'o', 'info', 'info', 1, 1, 2, 2, 1, 1, 2, 0)",
    ])
    func anotherKeyIntegrationOrResolvedAlertIsNot(values: String) throws {
        try connection.execute(Self.rows)
        try connection.execute(Self.secondAlert + values)
    }

    @Test func composedAndDecomposedKeysAreTwo() throws {
        try connection.execute(Self.rows)
        try connection.execute("UPDATE alerts SET dedup_key = 'caf\u{E9}'")
        try connection.execute(
            Self.secondAlert
                + "VALUES (2, 1, 1, 1, 'cafe\u{301}', 'triggered', 's', 'o', 'info', 'info', 1, 1, NULL, NULL, 1, 1, 2, 0)"
        )
    }
}
