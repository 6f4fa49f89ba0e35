import Alerting
import Store

/// Whether the events of a batch are applied for the first time. Only then their effects are written.
enum Application: Sendable {
    /// By the daemon, by a command in its place, and into a new file by `recover`.
    case first
    /// Again: by `rebuild`, `verify` and `simulate`.
    case again
}

/// A run of events, applied in memory and not yet written.
struct Batch: Sendable {
    /// The events, in the order of the log; never empty.
    let events: [Event]
    /// What they led to.
    let state: FoldState
    /// What became of each.
    let outcomes: [Outcome]

    /// How many events are folded at a time.
    static let size: Int64 = 512
    /// How many alerts are at hand when a batch takes no further event: it is what bounds the memory and the time of one
    /// in which incidents with thousands of alerts are resolved. The event that goes beyond it is still part of it.
    static let maximumAlerts = 20_000

    /// Applies the next events after a cursor to a state that has the settings; nil where there are none. Reads inside
    /// the caller's transaction.
    static func next(
        after cursor: EventID, through last: EventID = .max, limit: Int64 = Batch.size,
        upToAlerts maximumAlerts: Int = Batch.maximumAlerts, on base: FoldState, from connection: Connection
    ) throws(SQLiteError) -> Batch? {
        let waiting = try EventRows.read(after: cursor, through: last, limit: limit, from: connection)
        return try next(of: waiting[...], upToAlerts: maximumAlerts, on: base, from: connection)
    }

    /// Applies events that are at hand, as many of them as make a batch; nil where there are none.
    static func next(
        of waiting: ArraySlice<Event>, upToAlerts maximumAlerts: Int = Batch.maximumAlerts, on base: FoldState,
        from connection: Connection
    ) throws(SQLiteError) -> Batch? {
        var events = Lifecycle.batch(of: waiting)
        guard !events.isEmpty else { return nil }
        var state = base
        state.reserve(forEvents: events.count)
        let count = try FoldReader.load(for: events, upToAlerts: maximumAlerts, into: &state, from: connection)
        if count < events.count { events.removeLast(events.count - count) }
        let outcomes = events.map { Lifecycle.apply($0, to: &state) }
        return Batch(events: events, state: state, outcomes: outcomes)
    }

    private init(events: [Event], state: FoldState, outcomes: [Outcome]) {
        self.events = events
        self.state = state
        self.outcomes = outcomes
    }

    /// The last event's number.
    var last: EventID { events[events.count - 1].id }

    /// The same single event, set aside: what is left to do when the tables refuse what it would do.
    func setAside(on base: FoldState) -> Batch {
        precondition(events.count == 1, "events are set aside one by one")
        var state = base
        let outcome = Lifecycle.setAside(events[0], in: &state)
        return Batch(events: events, state: state, outcomes: [outcome])
    }

    /// The settings after this batch: those of before if it changed none.
    func settings(after base: FoldState) -> FoldState {
        state.changes.touchesSettings ? state.settingsOnly() : base
    }

    /// Writes the changes, the outcomes and the cursor, and the effects of events that are applied for the first time,
    /// inside the caller's transaction.
    func write(to connection: Connection, as application: Application) throws(SQLiteError) {
        try FoldWriter.write(state, appliedThrough: last, to: connection)
        if application == .first { try Effects.write(state.changes, to: connection) }
        for (event, outcome) in zip(events, outcomes) {
            try IncidentActionRows.insert(event, outcome, into: connection)
        }
    }
}
