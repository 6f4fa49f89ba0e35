import Store

/// `docs/schema.md`, made from a database: the tables and views with the comments that stand in them.
public enum SchemaDocument {
    /// The document for the schema of a database.
    public static func render(_ connection: Connection) throws -> String {
        let version = try connection.integer("PRAGMA user_version") ?? 0
        var text = """
            # The database

            Made from the schema itself (version \(version)); do not edit. `make docs` makes it anew, and the tests fail
            when it is stale. In the `sqlite3` shell, `.schema` prints the same.

            Reading while the daemon runs is safe and holds nobody up: `sqlite3 -readonly /var/lib/alertgate/alertgate.db`.
            Never write to the file by hand: everything but `events`, `heartbeats` and `token_uses` is derived from the log and
            would be found to differ by `alertgate verify`.

            """
        for (type, title) in [("view", "Views"), ("table", "Tables"), ("index", "Indexes")] {
            text += "\n## \(title)\n"
            let objects = try connection.all(
                "SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY rowid",
                { $0.add(type) }, { (name: $0.text(0), sql: $0.text(1)) })
            if type == "index" {
                text += "\n```sql\n" + objects.map { $0.sql + ";\n" }.joined() + "```\n"
            } else {
                for object in objects { text += "\n### \(object.name)\n\n```sql\n\(object.sql);\n```\n" }
            }
        }
        return text
    }
}
