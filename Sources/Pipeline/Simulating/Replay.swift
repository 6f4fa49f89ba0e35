import Alerting
import Store

/// Folds the events of a while into a scratch database under other rules.
struct Replay {
    let connection: Connection
    let rules: SimulationRules
    let since: Timestamp
    let now: Timestamp
    /// How many events of the log were folded.
    private(set) var eventCount: Int64 = 0

    private var base: FoldState
    private var pending: [Event] = []
    private var nextDue: Timestamp?
    /// What is not in the log has numbers that no event of the log has.
    private var nextID: EventID = -1

    /// Events within so many seconds are folded at once: a timer that one of them sets falls due after them.
    private static let span: Int64 = 60
    /// And no more than so many.
    private static let maximumPending = 4096
    /// The timers that have a bearing on how many incidents there are.
    private static let kinds: Set<TimerKind> = [.autoResolve, .flapRelease, .stormEnd, .release]

    init(connection: Connection, rules: SimulationRules, since: Timestamp, now: Timestamp) throws {
        self.connection = connection
        self.rules = rules
        self.since = since
        self.now = now
        base = try FoldReader.settings(connection)
    }

    mutating func run() throws {
        try applyRules()
        nextDue = try nextTimer()?.dueAt
        let last = try connection.integer("SELECT event_id FROM live.worker_cursor") ?? 0
        var position = try firstEvent() - 1
        while true {
            let events = try EventRows.read(after: position, through: last, limit: Batch.size, from: connection)
            guard let end = events.last else { break }
            for event in events {
                eventCount += 1
                for event in try translated(event) { try take(event) }
            }
            position = end.id
        }
        try flush()
        try fire(through: now)
    }

    // MARK: Rules

    private mutating func applyRules() throws {
        for (service, update) in rules.services.sorted(by: { $0.key < $1.key }) {
            try act(.updateService(service, update))
        }
        for var silence in rules.silences ?? [] {
            silence.window = Recurrence.Window(start: since, end: now.adding(seconds: 86_400))
            silence.recurrence = nil
            try act(.createSilence(silence))
        }
        for rule in rules.inhibitionRules ?? [] { try act(.createInhibitionRule(rule)) }
    }

    private mutating func act(_ command: Action.Command) throws {
        let event = made(.action(Action(requester: .commandLine, command: command)), at: since)
        if case .refused(let refusal, _) = try fold([event])[0] { throw SimulationError(refusal: refusal) }
    }

    // MARK: Events

    /// The first event of the while. Numbers go with time, as far as the clock was not set.
    private func firstEvent() throws -> EventID {
        var low = try connection.integer("SELECT min(id) FROM live.events") ?? 0
        var high = (try connection.integer("SELECT max(id) FROM live.events") ?? 0) + 1
        while low < high {
            let middle = low + (high - low) / 2
            let found = try connection.first(
                "SELECT received_at FROM live.events WHERE id >= ? ORDER BY id LIMIT 1", { $0.add(middle) },
                { $0.time(0) })
            if let found, found < since { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What an event of the log is under other rules.
    private mutating func translated(_ event: Event) throws -> [Event] {
        switch event.content {
        case .alert: return [event]
        case .change, .unreadable: return []
        case .timer(let timer):
            switch timer.kind {
            case .heartbeat, .heartbeatEnd: return [event]
            case .silenceEnd: return rules.silences == nil ? [event] : []
            case .acknowledgementTimeout, .autoResolve, .snooze, .flapRelease, .stormEnd, .release: return []
            }
        case .action(let action): return try translated(action, event)
        }
    }

    private mutating func translated(_ action: Action, _ event: Event) throws -> [Event] {
        switch action.command {
        case .createSilence, .updateSilence, .endSilence: return rules.silences == nil ? [event] : []
        case .createInhibitionRule, .deleteInhibitionRule: return rules.inhibitionRules == nil ? [event] : []
        case .updateIncidents(let updates):
            return try updates.filter { $0.status == .resolved }.flatMap {
                try resolves("incident_id = ?", $0.incidentID, by: event)
            }
        case .updateAlerts(_, let updates):
            return try updates.filter { $0.status == .resolved }.flatMap {
                try resolves("id = ?", $0.alertID, by: event)
            }
        default: return []
        }
    }

    /// Resolves of the alerts that an action resolved, as far as nobody reopened them since.
    private mutating func resolves(_ condition: String, _ id: Int64, by event: Event) throws -> [Event] {
        let keys = try connection.all(
            "SELECT integration_id, dedup_key FROM live.alerts WHERE \(condition) AND resolved_event_id = ?",
            {
                $0.add(id)
                $0.add(event.id)
            },
            { AlertKey(integrationID: $0.integer(0), dedupKey: DedupKey($0.text(1))) })
        return keys.map { key in
            made(
                .alert(
                    AlertEvent(
                        version: .v2, action: .resolve, integrationID: key.integrationID, dedupKey: key.dedupKey,
                        data: AlertData(), attachments: [], contentDigest: 0)), at: event.receivedAt)
        }
    }

    // MARK: Folding

    private mutating func take(_ event: Event) throws {
        if let first = pending.first {
            let isDue = nextDue.map { $0 <= event.receivedAt } ?? false
            let isLate = first.receivedAt.adding(seconds: Self.span) < event.receivedAt
            if isDue || isLate || pending.count >= Self.maximumPending { try flush() }
        }
        if let nextDue, nextDue <= event.receivedAt { try fire(through: event.receivedAt) }
        pending.append(event)
    }

    private mutating func flush() throws {
        _ = try fold(pending)
        pending = []
        nextDue = try nextTimer()?.dueAt
    }

    private mutating func fire(through moment: Timestamp) throws {
        while let timer = try nextTimer(), timer.dueAt <= moment {
            let outcome = try fold([made(.timer(timer), at: timer.dueAt)])
            // One that no longer applies is not taken back by what it does.
            if case .dropped = outcome[0] {
                try connection.run("DELETE FROM main.timers WHERE kind = ? AND subject_id = ?") {
                    $0.add(timer.kind.rawValue)
                    $0.add(timer.subjectID)
                }
            }
        }
        nextDue = try nextTimer()?.dueAt
    }

    private func nextTimer() throws -> TimerEvent? {
        try TimerRows.next(of: Replay.kinds, connection)
    }

    private mutating func fold(_ events: [Event]) throws -> [Outcome] {
        var rest = events
        var outcomes: [Outcome] = []
        while let last = rest.last {
            let part = Lifecycle.batch(of: rest)
            var state = base
            try FoldReader.load(for: part, into: &state, from: connection)
            outcomes += part.map { Lifecycle.apply($0, to: &state) }
            try FoldWriter.write(state, appliedThrough: last.id, to: connection)
            if state.changes.touchesSettings { base = state.settingsOnly() }
            rest.removeFirst(part.count)
        }
        return outcomes
    }

    private mutating func made(_ content: EventContent, at moment: Timestamp) -> Event {
        defer { nextID -= 1 }
        return Event(id: nextID, receivedAt: moment, content: content)
    }
}
