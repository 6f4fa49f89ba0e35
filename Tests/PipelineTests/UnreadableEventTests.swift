import Alerting
import GatewayTesting
import Migrations
import Testing

@testable import Pipeline
@testable import Store

/// A database of the version that wrote form 1, and events that this program cannot read.
@Suite(.timeLimit(.minutes(5))) struct UnreadableEventTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }

    init() throws {
        temporary = try TemporaryDatabase()
        try Fixtures.makeDatabase("form-1-schema-6", at: temporary.database.path)
        // It is opened, and migrated.
        try temporary.database.openWriter(creating: false).close()
    }

    private func rows() throws -> [String: [String]] { try rows(of: database) }

    private func rows(of database: Database) throws -> [String: [String]] {
        let connection = try Connection(path: database.path, mode: .read)
        defer { connection.close() }
        return try connection.everything()
    }

    private func execute(_ sql: String) throws {
        let writer = try database.openWriter(creating: false)
        defer { writer.close() }
        try writer.execute(sql)
    }

    private func integer(_ query: String) throws -> EventID {
        let reader = try database.openReader()
        defer { reader.close() }
        return try #require(try reader.integer(query))
    }

    private func rename(_ member: String, in event: EventID) throws {
        let before = try rows()["events"]
        try execute(
            """
            UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '"\(member)":', '"renamed":') AS BLOB)
            WHERE id = \(event)
            """)
        #expect(try rows()["events"] != before)
    }

    /// Verify names the event, rebuild refuses, and nothing changes.
    private func expectRefusal(of event: EventID, saying texts: String..., location: SourceLocation = #_sourceLocation)
        throws
    {
        let report = try Verification.run(database)
        #expect(!report.isClean, sourceLocation: location)
        #expect(report.unreadableWithEffect.map(\.id) == [event], sourceLocation: location)
        let before = try rows()
        let error = #expect(throws: UnreadableEventsError.self, sourceLocation: location) {
            try Rebuild.run(database)
        }
        #expect(try rows() == before, sourceLocation: location)
        let message = error?.description ?? ""
        for text in texts + ["nothing was changed", "event \(event) (", "restore a backup", "newer version"] {
            #expect(message.contains(text), "\(message)", sourceLocation: location)
        }
        #expect(report.unreadable.map(\.description).contains { message.contains($0) }, sourceLocation: location)
    }

    // MARK: The older database

    @Test func theFixtureHoldsEveryCommandAndTimerInFormOne() throws {
        let reader = try database.openReader()
        let stored = try reader.all("SELECT DISTINCT kind || ' ' || action FROM events ORDER BY 1") { $0.text(0) }
        let expected =
            ["change change"] + Action.Kind.allCases.map { "action \($0.rawValue)" }
            + TimerKind.allCases.map { "timer \($0.rawValue)" }
            + ["v1", "v2"].flatMap { version in EventAction.allCases.map { "\(version) \($0.rawValue)" } }
        #expect(Set(stored) == Set(expected))
        let forms = try reader.integer(
            """
            SELECT count(*) FROM events WHERE kind = 'action' AND json_type(CAST(body AS TEXT), '$.command') IS NULL
                OR kind = 'timer' AND json_type(CAST(body AS TEXT), '$.dueAt') IS NULL
            """)
        #expect(forms == 0)
    }

    @Test func anOlderDatabaseIsVerifiedAndRebuiltAsItWas() throws {
        let older = try TemporaryDatabase()
        try Fixtures.makeDatabase("form-1-schema-6", at: older.database.path)
        let before = try rows(of: older.database)
        for table in FoldTable.all.map(\.name) where !["inhibition_sources", "flap_links"].contains(table) {
            #expect(before[table]?.isEmpty == false, "\(table) of the fixture is empty")
        }
        let migrated = try rows()
        // Migration 7 changes views only.
        if Migrations.all.last?.version == 7 { #expect(migrated == before) }
        #expect(try Verification.run(database).isClean)
        #expect(try Rebuild.run(database) == Int64(before["events"]?.count ?? 0))
        #expect(try rows() == migrated)
        #expect(try Verification.run(database).unreadable.isEmpty)
    }

    @Test func bothFormsStandInOneLog() async throws {
        let count = before(try rows())
        let pipeline = try Pipeline.open(database)
        let service = try await pipeline.carryOut(.createService(ServiceSettings(name: "Form 2"))).id
        var update = ServiceUpdate()
        update.alertGrouping = .on(.time(timeWindow: 60))
        #expect(try await pipeline.carryOut(.updateService(service, update)).outcome.name == "applied")
        await pipeline.stop()
        #expect(
            try integer("SELECT count(*) FROM events WHERE json_type(CAST(body AS TEXT), '$.action') IS NOT NULL") == 2)
        #expect(try Verification.run(database).isClean)
        let applied = try rows()
        #expect(try Rebuild.run(database) == Int64(count + 2))
        #expect(try rows() == applied)
    }

    private func before(_ rows: [String: [String]]) -> Int { rows["events"]?.count ?? 0 }

    // MARK: Damaged events

    @Test(arguments: [
        ("create_integration", "defaultSeverity"), ("create_service", "name"), ("create_token", "hash"),
        ("create_silence", "window"), ("create_inhibition_rule", "equal"), ("add_note", "content"),
        ("snooze_incident", "seconds"), ("merge_incidents", "into"), ("update_service", "alertGrouping"),
        ("update_alerts", "alertID"), ("create_incident", "urgency"), ("delete_service", "command"),
    ])
    func anActionThatCannotBeReadAnyMoreIsNotFoldedAway(action: String, member: String) throws {
        let event = try integer(
            """
            SELECT min(id) FROM events JOIN event_outcomes ON event_id = id
            WHERE action = '\(action)' AND outcome = 'applied' AND instr(CAST(body AS TEXT), '"\(member)":') > 0
            """)
        try rename(member, in: event)
        try expectRefusal(of: event, saying: "(action \(action)) cannot be read: ", "it had an effect (applied)")
    }

    @Test func aTimerThatCannotBeReadAnyMoreIsNotFoldedAway() throws {
        let event = try integer("SELECT min(id) FROM events WHERE kind = 'timer' AND action = 'auto_resolve'")
        try rename("incidentID", in: event)
        try expectRefusal(
            of: event, saying: "(timer auto_resolve) cannot be read: the timer lacks the member \"incidentID\"",
            "(fired)")
    }

    @Test func anEventOfASenderWithAnUnknownActionIsNotFoldedAway() throws {
        let event = try integer(
            "SELECT min(id) FROM events JOIN event_outcomes ON event_id = id WHERE outcome = 'opened' AND kind = 'v2'")
        try execute("UPDATE events SET action = 'escalate' WHERE id = \(event)")
        try expectRefusal(of: event, saying: "(v2 escalate)", "(opened)")
    }

    @Test func formTwoIsGuardedLikewise() async throws {
        let pipeline = try Pipeline.open(database)
        let service = try await pipeline.carryOut(.createService(ServiceSettings(name: "Form 2"))).id
        await pipeline.stop()
        try rename("description", in: service)
        try expectRefusal(of: service, saying: "the action lacks the member \"description\"")
    }

    @Test func whereTheOutcomeIsLostTheRowsOfTheEventCount() throws {
        let event = try integer("SELECT min(id) FROM events WHERE action = 'create_service'")
        try rename("name", in: event)
        try execute("UPDATE event_outcomes SET outcome = 'dropped' WHERE event_id = \(event)")
        try expectRefusal(of: event, saying: "(dropped)")
        try execute("DELETE FROM event_outcomes WHERE event_id = \(event)")
        try expectRefusal(of: event, saying: "it had an effect")
    }

    @Test func aRefusedActionThatCannotBeReadAnyMoreHoldsUpNothing() throws {
        let event = try integer("SELECT min(event_id) FROM event_outcomes WHERE reason = 'service name taken'")
        try rename("name", in: event)
        let report = try Verification.run(database)
        #expect(report.unreadable.map(\.id) == [event] && report.unreadableWithEffect.isEmpty)
        #expect(report.unreadable.first?.description.contains("it had no effect (refused)") == true)
        _ = try Rebuild.run(database)
        let after = try Verification.run(database)
        #expect(after.isClean && after.unreadable.map(\.outcome) == ["dropped"])
    }

    @Test func anActionOfTheFutureThatIsNotAppliedYetHoldsUpNothing() throws {
        let next = try integer("SELECT max(id) + 1 FROM events")
        try execute(
            """
            INSERT INTO events (id, received_at, kind, action, body)
            VALUES (\(next), 0, 'action', 'create_webhook', CAST('{"action":"create_webhook"}' AS BLOB))
            """)
        #expect(try Verification.run(database).isClean)
        _ = try Rebuild.run(database)
        let report = try Verification.run(database)
        #expect(report.isClean && report.unreadable.map(\.id) == [next])
        #expect(report.unreadable.first?.description.contains("action create_webhook") == true)
    }

    /// The message stays short; verify names all.
    @Test func manyAreCounted() throws {
        try execute("UPDATE events SET body = x'7b7d' WHERE kind = 'action'")
        let report = try Verification.run(database)
        let actions = try integer("SELECT count(*) FROM events WHERE kind = 'action'")
        #expect(report.unreadable.count == Int(actions))
        let error = #expect(throws: UnreadableEventsError.self) { try Rebuild.run(database) }
        #expect(error?.events.count == report.unreadableWithEffect.count)
        let lines = (error?.description ?? "").split(separator: "\n")
        #expect(lines.count == 8)
        #expect(
            lines.contains("and \(report.unreadableWithEffect.count - 5) more; `alertgate verify` names all of them"))
    }

    // MARK: Other commands that fold

    @Test func recoveringSavesWhatCannotBeReadAndNamesIt() throws {
        let event = try integer("SELECT min(id) FROM events WHERE action = 'add_note'")
        try rename("content", in: event)
        let new = Database(path: temporary.path("recovered.db"))
        let report = try Recovery.run(from: database, into: new)
        #expect(report.gaps.isEmpty && report.unreadable.map(\.id) == [event])
        let saved = try new.openReader().everything()
        #expect(saved["events"] == (try rows()["events"]))
        // Made readable again, as by the program that wrote it, it has its effect again.
        let writer = try new.openWriter(creating: false)
        try writer.execute(
            """
            UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '"renamed":', '"content":') AS BLOB)
            WHERE id = \(event)
            """)
        writer.close()
        _ = try Rebuild.run(new)
        #expect(try new.openReader().everything()["notes"] == (try rows()["notes"]))
    }

    @Test func simulatingTellsWhatItLeftOut() throws {
        let event = try integer("SELECT min(id) FROM events WHERE action = 'snooze_incident'")
        try rename("seconds", in: event)
        let last = try integer("SELECT max(received_at) FROM events")
        let report = try Simulation.run(
            database, SimulationRules(), since: Timestamp(milliseconds: 0),
            now: Timestamp(milliseconds: last))
        #expect(report.unreadableEvents == 1)
    }
}
