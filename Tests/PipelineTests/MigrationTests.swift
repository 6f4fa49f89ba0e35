import Alerting
import GatewayTesting
import Migrations
import Testing

@testable import Pipeline
@testable import Store

/// A database that an older program made turns into what folding its log gives.
@Suite struct MigrationTests {
    @Test(arguments: Migrations.all.dropLast().map(\.version))
    func anOlderDatabaseTurnsIntoWhatItsLogGives(version: Int64) throws {
        // The older programs knew nothing, or not all, of what holds alerts back.
        let holdsAlertsBack = version >= 5
        let fixture = try RetentionFixture()
        try fixture.fold(try RandomLog(seed: 5, count: 400, holdsAlertsBack: holdsAlertsBack).events)
        var expected = try fixture.writer.everything()
        let older = try TemporaryDatabase()
        try makeOlder(older.database, version: version, from: fixture.database)
        let migrated = try older.database.openWriter(creating: false)
        defer { migrated.close() }
        var found = try migrated.everything()
        // The log stays as the older program wrote it: its actions and timers have form 1.
        #expect(found.removeValue(forKey: "events")?.count == expected.removeValue(forKey: "events")?.count)
        #expect(found == expected)
        #expect((expected["inhibition_sources"]?.count ?? 0 > 0) == holdsAlertsBack)
        #expect(expected["incident_actions"]?.count ?? 0 > 20 && expected["timers"]?.count ?? 0 > 0)
    }

    /// The daemon that runs knows the older tables alone; it brings them up to date when it starts as the newer one.
    @Test func aCommandDoesNotMigrateUnderAnOlderDaemon() throws {
        let fixture = try RetentionFixture()
        let older = try TemporaryDatabase()
        try makeOlder(older.database, version: 3, from: fixture.database)
        let lock = try DatabaseLock.take(for: older.database.path)
        let error = #expect(throws: StoreError.self) { try older.database.openWriter(creating: true).close() }
        guard case .olderInUse(_, version: 3, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let connection = try Connection(path: older.database.path, mode: .read, vfs: nil)
        #expect(try connection.integer("PRAGMA user_version") == 3)
        connection.close()
        try older.database.openWriter(creating: false, holding: lock).close()
        // Up to date, it can be written beside the daemon as ever.
        try withExtendedLifetime(lock) { try older.database.openWriter(creating: false).close() }
    }

    /// Makes a database with the schema of a version and the rows of another database, as far as it has them.
    private func makeOlder(_ database: Database, version: Int64, from newer: Database) throws {
        let connection = try Connection(path: database.path, mode: .create, vfs: nil)
        try connection.execute("PRAGMA application_id = \(Database.applicationID)")
        try Migrator(path: database.path, connection: connection).run(
            Migrations.all.filter { $0.version <= version })
        connection.close()
        try OlderDatabase(path: database.path).copyRows(from: newer)
    }
}
