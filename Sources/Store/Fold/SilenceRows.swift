import Alerting

/// The rows of `silences`.
public enum SilenceRows {
    /// The columns that `read` expects, from column 0 on.
    static let columns = """
        id, service_id, matchers, starts_at, ends_at, recurrence, comment, created_at, created_by, ended_at, ended_by
        """

    /// The silence in a row; nil where this program cannot read it.
    static func read(_ row: Row) -> Silence? {
        guard let set = SettingText.set(row.text(2)) else { return nil }
        var silence = Silence(
            id: row.integer(0), serviceID: row.optionalInteger(1), matchers: set,
            window: Recurrence.Window(start: row.time(3), end: row.time(4)),
            recurrence: row.optionalText(5).flatMap { SettingText.read($0, SettingForm.recurrence) },
            comment: row.text(6),
            createdAt: row.time(7), createdBy: Agent(text: row.text(8)) ?? .commandLine)
        silence.endedAt = row.optionalTime(9)
        silence.endedBy = row.optionalText(10).flatMap(Agent.init(text:))
        return silence
    }

    /// The silences that have not ended, in the order they were set.
    public static func current(_ connection: Connection) throws(SQLiteError) -> [Silence] {
        try connection.all("SELECT \(columns) FROM silences WHERE ended_at IS NULL ORDER BY id") { read($0) }
            .compactMap { $0 }
    }

    static func write(_ silence: Silence, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO silences (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,
                comment = excluded.comment, ended_at = excluded.ended_at, ended_by = excluded.ended_by
            """
        ) { row in
            row.add(silence.id)
            row.add(silence.serviceID)
            row.add(SettingText.text(silence.matchers.matchers))
            row.add(silence.window.start)
            row.add(silence.window.end)
            row.add(silence.recurrence.map { SettingText.text(SettingForm.write($0)) })
            row.add(silence.comment)
            row.add(silence.createdAt)
            row.add(silence.createdBy.text)
            row.add(silence.endedAt)
            row.add(silence.endedBy?.text)
        }
    }
}
