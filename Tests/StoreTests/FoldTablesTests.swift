import Alerting
import GatewayTesting
import Store
import Testing

/// The fold's tables: what is written comes back, and the same log gives the same rows however it is split.
@Suite struct FoldTablesTests {
    private func database(_ log: RandomLog, batch: Int64) throws -> (TemporaryDatabase, Connection) {
        let temporary = try TemporaryDatabase()
        let connection = try temporary.database.openWriter(creating: true)
        // These tests are about rows; thousands of syncs would only make them slow.
        try connection.execute("PRAGMA synchronous = OFF")
        try connection.append(log.events)
        try connection.fold(batch: batch)
        return (temporary, connection)
    }

    @Test(arguments: Effort.seeds(2, soak: 120))
    func batchesOfEverySizeGiveTheSameRows(seed: UInt64) async throws {
        // Half a minute without a pause: on threads of their own they keep no other test waiting.
        try await blocking { try checkBatches(seed) }
    }

    private func checkBatches(_ seed: UInt64) throws {
        let log = try RandomLog(seed: seed, count: 600, hasHeartbeats: true, setsClockBack: seed % 2 == 0)
        let (_, whole) = try database(log, batch: 512)
        for batch in [Int64(1), 7, 64] {
            let (_, other) = try database(log, batch: batch)
            for table in try whole.tables() where table != "schema_migrations" {
                let (left, right) = (try whole.dump(table), try other.dump(table))
                let same = left == right
                #expect(same, "\(table) differs in batches of \(batch): \(firstDifference(left, right))")
            }
        }
        #expect(try whole.integer("SELECT count(*) FROM event_outcomes") == Int64(log.events.count))
        #expect(try whole.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }

    /// Else the tests with random logs would prove nothing about what keeps noise down.
    @Test func randomLogsTellOfEveryStage() async throws {
        try await blocking { try checkStages() }
    }

    private func checkStages() throws {
        let databases = try (UInt64(1)...4).map { seed in
            try database(
                try RandomLog(seed: seed, count: 600, hasHeartbeats: true, setsClockBack: seed % 2 == 0), batch: 512)
        }
        for rows in [
            "alert_holds WHERE silence_id <> 0", "alert_holds WHERE inhibiting_alert_id <> 0", "flap_links",
            "storm_links", "incidents WHERE storm_level IS NOT NULL", "incidents WHERE storm_level > 1",
            "incidents WHERE flapping_until IS NOT NULL", "alerts WHERE class = 'heartbeat'",
            "event_outcomes WHERE outcome = 'grouped'",
        ] {
            let counts = try databases.map { _, connection in
                try connection.integer("SELECT count(*) FROM \(rows)") ?? 0
            }
            #expect(counts.reduce(0, +) > 3, "\(rows)")
        }
    }

    private func firstDifference(_ left: [String], _ right: [String]) -> String {
        let pair = zip(left, right).first { $0 != $1 }
        return pair.map { "\($0) | \($1)" } ?? "\(left.count) rows | \(right.count) rows"
    }

    @Test(arguments: 1...UInt64(6))
    func theTablesHoldTheStateThatMemoryHas(seed: UInt64) throws {
        let log = try RandomLog(seed: seed, count: 400)
        let (_, connection) = try database(log, batch: 32)
        var state = FoldState()
        for (index, event) in log.events.enumerated() {
            Lifecycle.apply(
                Event(id: EventID(index + 1), receivedAt: event.receivedAt, content: event.content), to: &state)
        }
        let alerts = try connection.all("SELECT \(AlertRows.columns) FROM alerts") { AlertRows.read($0) }
        #expect(Dictionary(uniqueKeysWithValues: alerts.map { ($0.id, $0) }) == state.alerts)
        let incidents = try connection.all("SELECT \(IncidentRows.columns) FROM incidents") { IncidentRows.read($0) }
        #expect(Dictionary(uniqueKeysWithValues: incidents.map { ($0.id, $0) }) == state.incidents)
        let settings = try FoldReader.settings(connection)
        #expect(settings.services == state.services)
        #expect(settings.integrations == state.integrations)
        #expect(settings.tokens == state.tokens)
        var entries = state.changes.logEntries
        for index in entries.indices {
            guard let repeats = state.changes.repeats[entries[index].id] else { continue }
            entries[index].repeatCount = repeats.count
            entries[index].lastRepeatedAt = repeats.lastAt
        }
        let stored = try connection.all("SELECT \(LogEntryRows.columns) FROM log_entries ORDER BY id") {
            LogEntryRows.read($0)
        }
        #expect(stored == entries)
        for (event, outcome) in state.changes.outcomes {
            let stored = try OutcomeRows.read(event, connection)
            #expect(stored?.name == outcome.name && stored?.reason == outcome.reason)
            #expect(stored?.alertID == outcome.alertID && stored?.incidentID == outcome.incidentID)
            #expect(stored?.subject == outcome.subject)
        }
        let timers = try TimerRows.due(at: Timestamp(milliseconds: .max), limit: .max, connection)
        let waiting = state.incidents.values.flatMap { incident in
            TimerKind.allCases.compactMap { kind in
                incident.timers[kind].map { TimerEvent(kind: kind, subjectID: incident.id, dueAt: $0) }
            }
        }
        #expect(Set(timers.filter { Incident.timerKinds.contains($0.kind) }) == Set(waiting))
        let held = Set(state.alerts.values.filter(\.isHeldBack).map(\.id))
        // What another alert holds back waits for that one, not for a moment.
        #expect(Set(timers.filter { $0.kind == .release }.map(\.subjectID)).isSubset(of: held))
        let silenced = state.alerts.values.filter {
            if $0.isHeldBack, case .silence = $0.suppression { true } else { false }
        }
        #expect(Set(timers.filter { $0.kind == .release }.map(\.subjectID)).isSuperset(of: silenced.map(\.id)))
        #expect(try InhibitionRuleRows.good(connection) == state.inhibitions.all)
        let silences = state.silences.all.map {
            TimerEvent(kind: .silenceEnd, subjectID: $0.id, dueAt: $0.window.end)
        }
        #expect(Set(timers.filter { $0.kind == .silenceEnd }) == Set(silences))
        #expect(try SilenceRows.current(connection) == state.silences.all)
        #expect(try TimerRows.nextDue(connection) == timers.map(\.dueAt).min())
        #expect(try FoldReader.cursor(connection) == EventID(log.events.count))
    }

    @Test func aFailedBatchLeavesNothing() throws {
        let temporary = try TemporaryDatabase()
        let connection = try temporary.database.openWriter(creating: true)
        try connection.append(try RandomLog(seed: 1, count: 50).events)
        let before = try connection.tables().map { try connection.dump($0) }
        struct Killed: Error {}
        #expect(throws: Killed.self) {
            try connection.transaction(.immediate) {
                var rest = try EventRows.read(after: 0, limit: 512, from: connection)
                while !rest.isEmpty {
                    let events = Lifecycle.batch(of: rest)
                    var state = try FoldReader.settings(connection)
                    try FoldReader.load(for: events, into: &state, from: connection)
                    for event in events { Lifecycle.apply(event, to: &state) }
                    try FoldWriter.write(state, appliedThrough: events[events.count - 1].id, to: connection)
                    rest.removeFirst(events.count)
                }
                throw Killed()
            }
        }
        #expect(try connection.tables().map { try connection.dump($0) } == before)
    }

    // MARK: Settings in one batch

    private func foldSettings(_ commands: [Action.Command], batch: Int64) throws -> (TemporaryDatabase, Connection) {
        let temporary = try TemporaryDatabase()
        let connection = try temporary.database.openWriter(creating: true)
        try connection.append(
            [
                try EventMaker.action(.createService(ServiceSettings(name: "Shop"))),
                try EventMaker.action(
                    .createIntegration(service: 1, name: "A", key: "aaaaaaaa", defaultSeverity: .critical)),
                try EventMaker.action(
                    .createIntegration(service: 1, name: "B", key: "bbbbbbbb", defaultSeverity: .critical)),
            ])
        try connection.fold(batch: 512)
        try connection.append(try commands.map { try EventMaker.action($0) })
        try connection.fold(batch: batch)
        return (temporary, connection)
    }

    @Test(arguments: [Int64(1), 512])
    func aKeyThatIsFreedMayBeTakenInTheSameBatch(batch: Int64) throws {
        let (_, connection) = try foldSettings(
            [
                .rotateIntegrationKey(3, key: "cccccccc", previousKeyExpiresAt: nil),
                .rotateIntegrationKey(2, key: "bbbbbbbb", previousKeyExpiresAt: nil),
            ], batch: batch)
        let keys = try FoldReader.settings(connection).integrations.mapValues(\.key)
        #expect(keys == [2: "bbbbbbbb", 3: "cccccccc"])
    }

    @Test(arguments: [Int64(1), 512])
    func twoIntegrationsMaySwapKeysInOneBatch(batch: Int64) throws {
        let (_, connection) = try foldSettings(
            [
                .rotateIntegrationKey(2, key: "cccccccc", previousKeyExpiresAt: nil),
                .rotateIntegrationKey(3, key: "aaaaaaaa", previousKeyExpiresAt: nil),
                .rotateIntegrationKey(2, key: "bbbbbbbb", previousKeyExpiresAt: nil),
                .createIntegration(service: 1, name: "C", key: "cccccccc", defaultSeverity: .info),
            ], batch: batch)
        let keys = try FoldReader.settings(connection).integrations.mapValues(\.key)
        #expect(keys == [2: "bbbbbbbb", 3: "aaaaaaaa", 7: "cccccccc"])
    }

    /// Whatever a row of the log says, the worker must come past it: a row it cannot write would stop it for good.
    @Test(arguments: [
        [
            Action.Command.createToken(name: "a", hash: [1, 2, 3], isReadOnly: false),
            .createToken(name: "b", hash: [1, 2, 3], isReadOnly: false),
        ],
        [.createService(ServiceSettings(name: "Zero", acknowledgementTimeout: 0, autoResolveTimeout: 0))],
        [.createService(ServiceSettings(name: "Negative", acknowledgementTimeout: -5, autoResolveTimeout: .min))],
        [.createService(ServiceSettings(name: ""))],
        [.updateIncidents([IncidentUpdate(incidentID: -1, status: .resolved)])],
    ])
    func noActionStopsTheFold(commands: [Action.Command]) throws {
        for batch in [Int64(1), 512] {
            let (_, connection) = try foldSettings(commands, batch: batch)
            #expect(try FoldReader.cursor(connection) == EventID(3 + commands.count))
        }
    }
}
