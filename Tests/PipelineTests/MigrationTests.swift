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
        let expected = try fixture.writer.everything()
        let older = try TemporaryDatabase()
        try makeOlder(older.database, version: version, from: fixture.database)
        let migrated = try older.database.openWriter(creating: false)
        defer { migrated.close() }
        #expect(try migrated.everything() == expected)
        #expect((expected["inhibition_sources"]?.count ?? 0 > 0) == holdsAlertsBack)
        #expect(expected["incident_actions"]?.count ?? 0 > 20 && expected["timers"]?.count ?? 0 > 0)
    }

    /// Makes a database with the schema of a version and the rows of another database, as far as it has them.
    private func makeOlder(_ database: Database, version: Int64, from newer: Database) throws {
        let connection = try Connection(path: database.path, mode: .create, vfs: nil)
        defer { connection.close() }
        try connection.execute("PRAGMA application_id = \(Database.applicationID)")
        try Migrator(path: database.path, connection: connection).run(
            Migrations.all.filter { $0.version <= version })
        try connection.execute("ATTACH '\(newer.path)' AS newer; DELETE FROM worker_cursor")
        let tables = try connection.all(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'
            """
        ) { $0.text(0) }
        for table in tables {
            let columns = try columns(of: table, in: "main", connection)
            // There was a row for each rule.
            guard !columns.contains("equal_values") || columns.contains("rules") else {
                try connection.execute(Self.sourcesOfEachRule)
                continue
            }
            let known = Set(try self.columns(of: table, in: "newer", connection))
            let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
            // Timers were of incidents alone.
            let sources = columns.map { known.contains($0) ? "\"\($0)\"" : "subject_id" }.joined(separator: ", ")
            try connection.execute("INSERT INTO main.\(table) (\(names)) SELECT \(sources) FROM newer.\(table)")
        }
        try connection.execute("DETACH newer")
    }

    private static let sourcesOfEachRule = """
        INSERT INTO main.inhibition_sources (rule_id, equal_values, alert_id, is_target)
        SELECT CAST(rule.key AS INTEGER), substr(s.equal_values, instr(s.equal_values, '|') + 1), s.alert_id, rule.value
        FROM newer.inhibition_sources s, json_each(s.rules) rule
        """

    private func columns(of table: String, in schema: String, _ connection: Connection) throws -> [String] {
        try connection.all("SELECT name FROM pragma_table_info('\(table)', '\(schema)')") { $0.text(0) }
    }
}
