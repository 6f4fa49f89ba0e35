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

    /// Recovers into a file that is not there yet. The damaged one is only read, so that this may be done on the original;
    /// a daemon has to be stopped. Blocks. Throws `StoreError`, `.locked` among them, and `SQLiteError`; there is no new
    /// file then.
    public static func run(from damaged: Database, into new: Database) throws -> Report {
        guard damaged.exists else { throw StoreError.missing(path: damaged.path) }
        guard !new.exists else { throw StoreError.taken(path: new.path) }
        let lock = try DatabaseLock.take(for: damaged.path)
        do {
            try new.openWriter(creating: true).close()
            let salvage = try withExtendedLifetime(lock) { try LogSalvage(from: damaged, to: new) }
            let connection = try new.openWriter(creating: false)
            defer { connection.close() }
            _ = try connection.transaction(.immediate) { try LogFold.run(on: connection, as: .first) }
            return Report(
                events: salvage.events, gaps: salvage.gaps,
                unreadable: try UnreadableEvents.all(in: "main", connection))
        } catch {
            new.remove()
            throw error
        }
    }
}
