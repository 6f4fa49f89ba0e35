import Store

/// Saves what the log of a damaged database still holds into a new one, and folds it there: all else follows from the log.
public enum Recovery {
    /// What was saved.
    public struct Report: Sendable, Hashable {
        /// How many events.
        public var events: Int64 = 0
        /// The runs of numbers in which an event, if there was one, could not be read.
        public var gaps: [ClosedRange<Int64>] = []
        /// The events that were saved and cannot be read by this program: they are in the new log and have no effect there,
        /// until the program that wrote them rebuilds it.
        public var unreadable: [UnreadableEvent] = []
    }

    /// How many numbers are tried at a time, before they are halved where one of them cannot be read.
    private static let step: Int64 = 4096

    /// Recovers into a file that is not there yet. The damaged one is only read, so that this may be done on the original;
    /// a daemon has to be stopped. Blocks. Throws `StoreError`, `.locked` among them, and `SQLiteError`; there is no new
    /// file then.
    public static func run(from damaged: Database, into new: Database) throws -> Report {
        guard damaged.exists else { throw StoreError.missing(path: damaged.path) }
        guard !new.exists else { throw StoreError.taken(path: new.path) }
        let lock = try DatabaseLock.take(for: damaged.path)
        do {
            try new.openWriter(creating: true).close()
            var report = try withExtendedLifetime(lock) { try copy(from: damaged, to: new) }
            let connection = try new.openWriter(creating: false)
            defer { connection.close() }
            _ = try connection.transaction(.immediate) { try LogFold.run(on: connection, as: .first) }
            report.unreadable = try UnreadableEvents.all(in: "main", connection)
            return report
        } catch {
            new.remove()
            throw error
        }
    }

    private static func copy(from damaged: Database, to new: Database) throws -> Report {
        let connection = try Connection(path: "", mode: .temporary)
        defer { connection.close() }
        try connection.attach(damaged, as: "damaged", isReadOnly: true)
        try connection.attach(new, as: "recovered", isReadOnly: false)
        var report = Report()
        let last = lastEvent(connection)
        var first: Int64 = 1
        while first <= last {
            let end = min(last, first + step - 1)
            try copy(first...end, on: connection, &report)
            first = end + 1
        }
        return report
    }

    /// Copies a run of events, or its halves where something in it cannot be read.
    private static func copy(_ numbers: ClosedRange<Int64>, on connection: Connection, _ report: inout Report) throws {
        do {
            try connection.transaction(.immediate) {
                try connection.run("INSERT INTO recovered.events SELECT * FROM damaged.events WHERE id BETWEEN ? AND ?")
                {
                    $0.add(numbers.lowerBound)
                    $0.add(numbers.upperBound)
                }
                report.events += connection.changedRows
            }
        } catch let error as SQLiteError where error.isCorrupt {
            guard numbers.count > 1 else {
                if let gap = report.gaps.last, gap.upperBound == numbers.lowerBound - 1 {
                    report.gaps[report.gaps.count - 1] = gap.lowerBound...numbers.upperBound
                } else {
                    report.gaps.append(numbers)
                }
                return
            }
            let middle = numbers.lowerBound + Int64(numbers.count) / 2
            try copy(numbers.lowerBound...(middle - 1), on: connection, &report)
            try copy(middle...numbers.upperBound, on: connection, &report)
        }
    }

    /// The newest event, by whatever of the file can still say so.
    private static func lastEvent(_ connection: Connection) -> Int64 {
        let sources = [
            "SELECT max(id) FROM damaged.events", "SELECT max(event_id) FROM damaged.event_outcomes",
            "SELECT event_id FROM damaged.worker_cursor", "SELECT max(id) / 4096 FROM damaged.log_entries",
        ]
        // One that cannot be read says nothing; the next one may.
        return sources.compactMap { (try? connection.integer($0)) ?? nil }.max() ?? 0
    }
}
