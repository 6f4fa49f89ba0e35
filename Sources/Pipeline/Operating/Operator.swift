import Alerting
import Glibc
import Store

/// Carries out the commands of an operator at the machine, with the daemon running and without it.
///
/// The action is appended to the log either way. Where a daemon holds the database's lock it folds the action, and the
/// command waits for that; where nobody does, the command folds.
public struct Operator: Sendable {
    private let database: Database
    private let isCreating: Bool
    private let clock: any TimeSource

    /// How long to wait for the daemon, in milliseconds.
    private static let patience = 15_000

    /// An operator on a database, which has to be there unless it is `creating` it. An older schema is brought up to date.
    public init(database: Database, creating: Bool = false, clock: any TimeSource = SystemClock()) {
        self.database = database
        isCreating = creating
        self.clock = clock
    }

    /// Appends the action, has it applied, and gives its number and what became of it. Blocks. Throws `LimitError` if
    /// the action breaks a limit, `StoreError`, `SQLiteError`, or `WaitError` if the daemon does not apply it in time: then the
    /// action is in the log, and will be applied.
    public func perform(_ action: Action) throws -> (EventID, StoredOutcome) {
        try action.command.checkLimits()
        let connection = try database.openWriter(creating: isCreating)
        defer { connection.close() }
        let event = EventBodyCoding.event(action, receivedAt: clock.now())
        let id = try connection.transaction(.immediate) {
            let id = try EventRows.nextID(connection)
            try EventRows.insert(event, id: id, into: connection)
            return id
        }
        var waited = 0
        while waited < Operator.patience {
            if let outcome = try OutcomeRows.read(id, connection) { return (id, outcome) }
            try foldIfAlone(connection)
            if let outcome = try OutcomeRows.read(id, connection) { return (id, outcome) }
            usleep(20_000)
            waited += 20
        }
        throw WaitError()
    }

    /// Folds what is in the log, unless somebody else holds the lock and does.
    private func foldIfAlone(_ connection: Connection) throws {
        let lock: DatabaseLock
        do throws(StoreError) {
            lock = try DatabaseLock.take(for: database.path)
        } catch {
            if case .locked = error { return }
            throw error
        }
        try withExtendedLifetime(lock) {
            _ = try connection.transaction(.immediate) { try LogFold.run(on: connection, as: .first) }
        }
    }
}
