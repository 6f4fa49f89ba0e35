import Alerting
import GatewayTesting
import Store
import Testing

/// The views for the shell: the right rows, times in ISO 8601.
@Suite struct ViewsTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    /// Events 1 to 8; 2023-11-14T22:13:20.000Z is 1,700,000,000,000.
    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
        func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + milliseconds) }
        try connection.append([
            try EventMaker.action(.createService(ServiceSettings(name: "Shop")), at: at(0)),
            try EventMaker.action(
                .createIntegration(service: 1, name: "Prometheus", key: "secret-key-1", defaultSeverity: .critical),
                at: at(0)),
            EventMaker.event(.trigger, "disk", integration: 2, at: at(1)),
            EventMaker.event(.trigger, "disk", integration: 2, at: at(999)),
            EventMaker.event(.trigger, "memory", integration: 2, severity: .info, at: at(2000)),
            EventMaker.event(.resolve, "unheard of", integration: 2, at: at(3000)),
            try EventMaker.action(
                .updateIncidents([IncidentUpdate(incidentID: 5, status: .resolved, resolution: "restarted")]),
                by: .user(9, name: "Ada"), at: at(61_001)),
        ])
        try connection.fold(batch: 512)
        try connection.append([EventMaker.event(.acknowledge, "disk", integration: 2, at: at(86_400_000))])
    }

    @Test func openIncidentsShowsThoseThatNeedSomebody() throws {
        let rows = try connection.all(
            "SELECT number, status, urgency, service, title, incident_key, open_alerts, created_at, updated_at FROM open_incidents"
        ) { row in (0..<9).map { row.text(Int32($0)) } }
        #expect(
            rows == [
                [
                    "3", "triggered", "high", "Shop", "disk full", "disk", "1", "2023-11-14T22:13:20Z",
                    "2023-11-14T22:13:20Z",
                ]
            ])
    }

    @Test func theTimelineTellsAnIncidentsHistory() throws {
        func timeline(_ incident: Int64) throws -> [[String]] {
            try connection.all(
                "SELECT at, kind, agent, repeats, text, event FROM incident_timeline WHERE incident = ?",
                { $0.add(incident) }
            ) { row in (0..<6).map { row.text(Int32($0)) } }
        }
        #expect(try timeline(3) == [["2023-11-14T22:13:20.001Z", "trigger", "v2:2", "1", "disk full", "3"]])
        #expect(
            try timeline(5) == [
                ["2023-11-14T22:13:22.000Z", "trigger", "v2:2", "0", "disk full", "5"],
                ["2023-11-14T22:14:21.001Z", "resolve", "user:9:Ada", "0", "restarted", "7"],
            ])
    }

    @Test func theTraceSaysWhatBecameOfEachEvent() throws {
        let rows = try connection.all(
            """
            SELECT event, received_at, kind, action, integration, dedup_key, outcome, reason, alert, incident,
                incident_status
            FROM event_trace WHERE event >= 3 ORDER BY event
            """
        ) { row in (0..<11).map { row.optionalText(Int32($0)) ?? "-" } }
        #expect(
            rows == [
                [
                    "3", "2023-11-14T22:13:20.001Z", "v2", "trigger", "Prometheus", "disk", "opened", "-", "3", "3",
                    "triggered",
                ],
                [
                    "4", "2023-11-14T22:13:20.999Z", "v2", "trigger", "Prometheus", "disk", "deduplicated", "-", "3",
                    "3", "triggered",
                ],
                [
                    "5", "2023-11-14T22:13:22.000Z", "v2", "trigger", "Prometheus", "memory", "opened", "-", "5", "5",
                    "resolved",
                ],
                [
                    "6", "2023-11-14T22:13:23.000Z", "v2", "resolve", "Prometheus", "unheard of", "dropped",
                    "no open alert", "-", "-", "-",
                ],
                [
                    "7", "2023-11-14T22:14:21.001Z", "action", "update_incidents", "-", "-", "applied", "-", "-", "5",
                    "resolved",
                ],
                [
                    "8", "2023-11-15T22:13:20.000Z", "v2", "acknowledge", "Prometheus", "disk", "waiting", "-", "-",
                    "-",
                    "-",
                ],
            ])
    }

    @Test func recentEventsShowsTheNewestHundredFirst() throws {
        try connection.append((0..<150).map { _ in EventMaker.event(.resolve, integration: 2) })
        let events = try connection.all("SELECT event FROM recent_events") { $0.integer(0) }
        #expect(events == Array((59...158).reversed()))
    }

    // MARK: Text that would drive the terminal

    private static let hostile =
        "\u{1B}]0;x\u{7}\u{1B}[2J\r\n\t\u{0}\u{7F}\u{85}\u{9B}31m\u{61C}\u{200F}\u{2028}\u{202E}\u{2066}caf\u{E9} \u{1F469}\u{200D}\u{1F4BB}"
    private static let shown =
        "␛]0;x␇␛[2J␍␊␉␀␡\u{FFFD}\u{FFFD}31m\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}caf\u{E9} \u{1F469}\u{200D}\u{1F4BB}"

    /// Whether a terminal would show the text as it is.
    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
    }

    /// Puts hostile text wherever a sender or a person can put text that a view shows.
    private func spoil() throws {
        func text(_ binder: inout Binder) { binder.add(Self.hostile) }
        for column in [
            "services.name", "integrations.name", "incidents.title", "incidents.incident_key", "alerts.summary",
            "alerts.source", "alerts.dedup_key", "events.summary", "events.dedup_key", "log_entries.agent",
            "log_entries.note",
        ] {
            let parts = column.split(separator: ".")
            try connection.run("UPDATE \(parts[0]) SET \(parts[1]) = ? || rowid", text)
        }
        try connection.run(
            """
            INSERT INTO silences (id, service_id, matchers, starts_at, ends_at, comment, created_at, created_by)
            VALUES (90, 1, ?, 1, 2, ?, 1, ?)
            """
        ) { for _ in 0..<3 { $0.add(Self.hostile) } }
        try connection.execute(
            """
            UPDATE alerts SET silence_id = 90, incident_id = NULL WHERE status = 'triggered';
            UPDATE incidents SET flapping_until = 1, storm_level = 1 WHERE id = 3;
            """)
    }

    @Test func noTextOfASenderDrivesTheTerminal() throws {
        try spoil()
        let views = try connection.all(
            "SELECT name FROM sqlite_schema WHERE type = 'view' AND name <> 'control_characters'"
        ) { $0.text(0) }
        #expect(views.count == 8)
        for view in views {
            let columns = try connection.all("SELECT name FROM pragma_table_info('\(view)')") { $0.text(0) }
            let rows = try connection.all("SELECT * FROM \(view)") { row in
                columns.indices.map { row.optionalText(Int32($0)) ?? "" }
            }
            #expect(!rows.isEmpty, "\(view)")
            let texts = rows.flatMap { $0 }
            #expect(texts.allSatisfy(Self.isHarmless), "\(view)")
            #expect(texts.contains { $0.contains(Self.shown) }, "\(view): \(texts)")
        }
        // What is stored stays as it came.
        let stored = try connection.all("SELECT summary FROM events WHERE id = 3") { $0.text(0) }
        #expect(stored == ["\(Self.hostile)3"])
    }

    @Test(arguments: [0x00, 0x01, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0x61C, 0x200E, 0x202A, 0x202E, 0x2066, 0x2069])
    func eachIsFoundAlone(_ code: Int) throws {
        let scalar = String(try #require(Unicode.Scalar(UInt32(code))))
        try connection.run("UPDATE incidents SET title = ? || 'x'") { $0.add(scalar) }
        let titles = try connection.all("SELECT title FROM open_incidents") { $0.text(0) }
        #expect(titles.count == 1 && titles.allSatisfy { Self.isHarmless($0) && $0.hasSuffix("x") && $0 != "x" })
    }

    @Test(arguments: [
        "", " ", "~", "\u{A0}", "é", "*[a-z]*", "\\", "'", "␛", "\u{FFFD}", "\u{200B}", "日本", "\u{10FFFF}",
    ])
    func otherTextIsShownAsItIs(_ text: String) throws {
        try connection.run("UPDATE incidents SET title = ?") { $0.add(text) }
        #expect(try connection.all("SELECT title FROM open_incidents") { $0.text(0) } == [text])
    }

    @Test(arguments: [
        (
            "SELECT * FROM incident_timeline WHERE incident = 3",
            ["SEARCH l USING INDEX log_entries_incident", "SEARCH e USING"]
        ),
        (
            "SELECT * FROM event_trace WHERE event = 3",
            ["SEARCH e USING", "SEARCH o USING", "SEARCH g USING", "SEARCH i USING"]
        ),
        ("SELECT * FROM recent_events", ["SCAN e", "SEARCH o USING", "SEARCH g USING", "SEARCH i USING"]),
        ("SELECT * FROM open_incidents", ["SCAN i USING INDEX incidents_open", "SEARCH s USING"]),
        ("SELECT * FROM storm_incidents", ["SCAN i USING INDEX incidents_storms", "SEARCH s USING"]),
    ])
    func theViewsUseTheirIndexes(_ query: String, _ expected: [String]) throws {
        // What the clean-up of text needs hangs below; the tables stand at the top.
        let steps = try connection.all("EXPLAIN QUERY PLAN \(query)") { ($0.integer(1), $0.text(3)) }
        let tables = steps.filter { $0.0 == 0 && !$0.1.contains("SUBQUERY") && !$0.1.contains("ORDER BY") }.map(\.1)
        #expect(tables.count == expected.count, "\(tables)")
        for (step, start) in zip(tables, expected) { #expect(step.hasPrefix(start), "\(tables)") }
        let isSorted = steps.contains { $0.0 == 0 && $0.1.contains("ORDER BY") }
        #expect(isSorted == query.contains("open_incidents"), "open incidents are few; nothing else is sorted")
    }

    @Test func noViewShowsASecret() throws {
        for view in ["open_incidents", "incident_timeline", "event_trace", "recent_events"] {
            #expect(try connection.dump(view).allSatisfy { !$0.contains("secret-key") })
        }
    }
}
