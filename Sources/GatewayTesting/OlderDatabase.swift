import Alerting
import Store

/// Fills a database of an older version, whose tables are empty, with the rows of one that this program made and folded,
/// as far as the older one has a place for them. Actions and timers have form 1 there: the older programs knew no other, and
/// migration 2 reads it.
public struct OlderDatabase {
    /// Where the older one is.
    public let path: String

    /// The database at a path.
    public init(path: String) {
        self.path = path
    }

    /// Copies the rows.
    ///
    /// - Throws: what SQLite says.
    public func copyRows(from newer: Database) throws {
        let connection = try Connection(path: path, mode: .write)
        defer { connection.close() }
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
        try connection.transaction(.immediate) { try writeFirstForm(to: connection) }
    }

    private func writeFirstForm(to connection: Connection) throws {
        for event in try EventRows.read(after: 0, limit: .max, from: connection) {
            let body: [UInt8]
            switch event.content {
            case .action(let action): body = FirstFormWriter.body(action)
            case .timer(let timer): body = FirstFormWriter.body(timer)
            case .alert, .change, .unreadable: continue
            }
            try connection.run("UPDATE events SET body = ? WHERE id = ?") { row in
                row.add(body)
                row.add(event.id)
            }
        }
    }

    /// As bytes: a dedup key may hold NUL, at which SQLite's functions of text end.
    private static let sourcesOfEachRule = """
        INSERT INTO main.inhibition_sources (rule_id, equal_values, alert_id, is_target)
        SELECT CAST(rule.key AS INTEGER), CAST(substr(s.bytes, instr(s.bytes, X'7C') + 1) AS TEXT), s.alert_id, rule.value
        FROM (SELECT CAST(equal_values AS BLOB) AS bytes, alert_id, rules FROM newer.inhibition_sources) s,
             json_each(s.rules) rule
        """

    private func columns(of table: String, in schema: String, _ connection: Connection) throws -> [String] {
        try connection.all("SELECT name FROM pragma_table_info('\(table)', '\(schema)')") { $0.text(0) }
    }
}
