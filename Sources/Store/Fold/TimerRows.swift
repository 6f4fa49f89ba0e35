import Alerting

/// The rows of `timers`: what falls due later, one row for each kind and subject.
public enum TimerRows {
    /// Sets a timer, or takes it back.
    static func write(_ key: TimerKey, _ due: Timestamp?, to connection: Connection) throws(SQLiteError) {
        guard let due else {
            try connection.run("DELETE FROM timers WHERE kind = ? AND subject_id = ?") { row in
                row.add(key.kind.rawValue)
                row.add(key.subjectID)
            }
            return
        }
        try connection.run(
            """
            INSERT INTO timers (kind, subject_id, due_at) VALUES (?, ?, ?)
            ON CONFLICT (kind, subject_id) DO UPDATE SET due_at = excluded.due_at
            """
        ) { row in
            row.add(key.kind.rawValue)
            row.add(key.subjectID)
            row.add(due)
        }
    }

    /// When the next timer falls due; nil where none is set.
    public static func nextDue(_ connection: Connection) throws(SQLiteError) -> Timestamp? {
        try connection.first("SELECT due_at FROM timers ORDER BY due_at LIMIT 1") { $0.time(0) }
    }

    /// When the next timer of some kinds falls due; nil if none is set.
    public static func nextDue(of kinds: Set<TimerKind>, _ connection: Connection) throws(SQLiteError) -> Timestamp? {
        try connection.first("SELECT due_at FROM timers WHERE kind IN (\(names(kinds))) ORDER BY due_at LIMIT 1") {
            $0.time(0)
        }
    }

    /// All timers of some kinds that fall due at a moment, the ends of silences first, as `due` has them.
    public static func due(
        of kinds: Set<TimerKind>, at moment: Timestamp, _ connection: Connection
    ) throws(SQLiteError) -> [TimerEvent] {
        try connection.all(
            """
            SELECT kind, subject_id, due_at FROM timers WHERE due_at = ? AND kind IN (\(names(kinds)))
            ORDER BY kind <> 'silence_end', kind, subject_id
            """, { $0.add(moment) }, { read($0) }
        ).compactMap { $0 }
    }

    private static func names(_ kinds: Set<TimerKind>) -> String {
        kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
    }

    private static func read(_ row: Row) -> TimerEvent? {
        TimerKind(rawValue: row.text(0)).map {
            TimerEvent(kind: $0, subjectID: row.integer(1), dueAt: row.time(2))
        }
    }

    /// At most `limit` timers that are due at a moment, the longest due first. Of those due together the ends of silences
    /// come first: where the next window begins just then, what is held back stays so.
    public static func due(
        at now: Timestamp, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [TimerEvent] {
        try connection.all(
            "SELECT kind, subject_id, due_at FROM timers WHERE due_at <= ? ORDER BY due_at, kind <> 'silence_end' LIMIT ?",
            {
                $0.add(now)
                $0.add(limit)
            }, { read($0) }
        ).compactMap { $0 }
    }
}
