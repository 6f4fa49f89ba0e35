import Alerting
import Store

/// Folds the log again beside the live tables and compares every row (docs/architecture.md, promise 2).
public enum Verification {
    /// What was found.
    public struct Report: Sendable {
        /// How many events were folded.
        public var events: Int64
        /// How many rows the live tables have.
        public var rows: Int64
        /// One line for each table that differs: which rows, by id.
        public var differences: [String]
        /// What SQLite's own check found wrong with the file.
        public var damage: [String]
        /// The tables that are damaged, with their indexes, by name.
        public var damagedTables: [String] = []

        /// The events that this program cannot read, in the order of the log.
        public var unreadable: [UnreadableEvent] = []

        /// Those of them that had an effect: the tables must not be rebuilt by this program.
        public var unreadableWithEffect: [UnreadableEvent] { unreadable.filter(\.hadEffect) }

        /// Whether the tables are just what the log gives, every event that had an effect can be read, and the file is
        /// sound.
        public var isClean: Bool { differences.isEmpty && damage.isEmpty && unreadableWithEffect.isEmpty }

        /// Notes what a table's reader met.
        fileprivate mutating func note(_ error: SQLiteError, of table: String) {
            if damage.isEmpty { damage.append(error.message) }
            if damagedTables.isEmpty { damagedTables.append(table) }
        }
    }

    /// Verifies a database, with the daemon running or not; what it has not applied yet is left out. Blocks, and takes
    /// room for a second set of tables in the temporary folder. Throws `StoreError` and `SQLiteError`.
    public static func run(_ database: Database) throws -> Report {
        let connection = try database.openScratch()
        defer { connection.close() }
        return try connection.snapshot {
            var report = Report(
                events: 0, rows: 0, differences: [], damage: try IntegrityCheck.damage(of: nil, connection))
            if !report.damage.isEmpty { report.damagedTables = try IntegrityCheck.damagedTables(connection) }
            do {
                try fold(connection, &report)
            } catch let error as SQLiteError where error.isCorrupt {
                report.note(error, of: "events")
                report.differences.append("nothing could be folded and compared: the log, or what it needs, is damaged")
            }
            return report
        }
    }

    private static func fold(_ connection: Connection, _ report: inout Report) throws {
        let cursor = try FoldReader.cursor(in: "live", connection)
        try FoldComparison.leaveOutExpiring(on: connection)
        report.events = try LogFold.run(on: connection, through: cursor, as: .again)
        do throws(SQLiteError) {
            report.unreadable = try UnreadableEvents.all(through: cursor, in: "live", connection)
        } catch {
            guard error.isCorrupt else { throw error }
            // The log itself was just read: what is damaged tells what became of an event.
            report.note(error, of: "event_outcomes")
            report.differences.append("event_outcomes: what became of unreadable events is damaged")
        }
        for table in FoldTable.all {
            do throws(SQLiteError) {
                report.rows += try FoldComparison.liveRows(of: table, connection)
                report.differences += try compare(table, on: connection)
            } catch {
                guard error.isCorrupt else { throw error }
                report.note(error, of: table.name)
                report.differences.append("\(table.name): not compared, because it is damaged")
            }
        }
    }

    private static func compare(_ table: FoldTable, on connection: Connection) throws(SQLiteError) -> [String] {
        let difference = try FoldComparison.difference(in: table, connection)
        var lines: [String] = []
        for (ids, words) in [
            (difference.live, "are in the table, but the log gives other rows or none"),
            (difference.folded, "come from the log, but the table has other rows or none"),
        ] where !ids.isEmpty {
            let shown = ids.prefix(5).map(String.init).joined(separator: ", ")
            let more = ids.count > 5 ? ", ..." : ""
            lines.append("\(table.name): \(ids.count) rows \(words): \(table.key) \(shown)\(more)")
        }
        return lines
    }
}
