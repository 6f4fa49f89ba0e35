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
    /// How many of them could not be read, and were left out.
    private(set) var unreadableCount: Int64 = 0

    private var base: FoldState
    private var pending: [Event] = []
    private var nextDue: Timestamp?
    /// What is not in the log has numbers that no event of the log has.
    private var nextID: EventID = -1

    /// Events within so many seconds are folded at once: a timer that one of them sets falls due after them.
    private static let span: Int64 = 60
    /// And no more than so many.
    private static let maximumPending = 4096
    /// The timers that decide how many incidents there are.
    private static let kinds: Set<TimerKind> = [.autoResolve, .flapRelease, .stormEnd, .release, .silenceEnd]

    init(connection: Connection, rules: SimulationRules, since: Timestamp, now: Timestamp) throws {
        self.connection = connection
        self.rules = rules
        self.since = since
        self.now = now
        base = try FoldReader.settings(connection)
    }

    mutating func run() throws {
        try applyRules()
        nextDue = try nextMoment()
        let last = try FoldReader.cursor(in: "live", connection)
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
            try act(.updateService(service, update), rule: "services: \(base.services[service]?.name ?? "")")
        }
        for (place, draft) in (rules.silences ?? []).enumerated() {
            try set(draft, rule: SimulationError.rule("silences", place, draft.comment))
        }
        for (place, draft) in (rules.inhibitionRules ?? []).enumerated() {
            try act(
                .createInhibitionRule(draft), rule: SimulationError.rule("inhibition_rules", place, draft.comment))
        }
    }

    /// Sets a silence with the window that is in force, or comes next, when the time begins. One whose windows are over by
    /// then has no effect; what else is wrong with it is an error all the same.
    private mutating func set(_ draft: SilenceDraft, rule: String) throws {
        var silence = draft
        if let recurrence = draft.recurrence {
            silence.window = recurrence.window(atOrAfter: since) ?? Recurrence.Window(start: since, end: since)
        }
        if silence.window.start < silence.window.end || silence.recurrence != nil, silence.window.end <= since {
            silence.window = .always
            if let refusal = silence.refusal(at: since) { throw SimulationError(rule: rule, refusal: refusal) }
            return
        }
        try act(.createSilence(silence), rule: rule)
    }

    private mutating func act(_ command: Action.Command, rule: String) throws {
        let event = made(.action(Action(requester: .commandLine, command: command)), at: since)
        if case .refused(let refusal, _) = try fold([event])[0] {
            throw SimulationError(rule: rule, refusal: refusal)
        }
    }

    // MARK: Events

    /// The first event of the while. Numbers go with time, as far as the clock was not set.
    private func firstEvent() throws -> EventID {
        var low = try EventRows.firstID(connection)
        var high = try EventRows.lastID(connection) + 1
        while low < high {
            let middle = low + (high - low) / 2
            let found = try EventRows.firstReceipt(after: middle - 1, connection)
            if let found, found < since { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What an event of the log is under other rules.
    private mutating func translated(_ event: Event) throws -> [Event] {
        switch event.content {
        case .alert: return [event]
        case .change: return []
        case .unreadable:
            unreadableCount += 1
            return []
        case .timer(let timer):
            switch timer.kind {
            case .heartbeat, .heartbeatEnd: return [event]
            case .acknowledgementTimeout, .autoResolve, .snooze, .flapRelease, .stormEnd, .release, .silenceEnd:
                return []
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
                resolves(
                    try SimulationTables.keys(ofIncident: $0.incidentID, resolvedBy: event.id, connection),
                    at: event.receivedAt)
            }
        case .updateAlerts(_, let updates):
            return try updates.filter { $0.status == .resolved }.flatMap {
                resolves(
                    try SimulationTables.keys(ofAlert: $0.alertID, resolvedBy: event.id, connection),
                    at: event.receivedAt)
            }
        default: return []
        }
    }

    /// Resolves of alerts that an action resolved.
    private mutating func resolves(_ keys: [AlertKey], at moment: Timestamp) -> [Event] {
        keys.map { key in
            made(
                .alert(
                    AlertEvent(
                        version: .v2, action: .resolve, integrationID: key.integrationID, dedupKey: key.dedupKey,
                        data: AlertData(), attachments: [], contentDigest: 0)), at: moment)
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
        nextDue = try nextMoment()
    }

    /// Has all timers fall due up to a moment. Those of one moment are read together, as the worker does: where thousands
    /// of silences end together, looking for each by itself would cost the square of their number.
    private mutating func fire(through moment: Timestamp) throws {
        while let due = try nextMoment(), due <= moment {
            for timer in try TimerRows.due(of: Replay.kinds, at: due, connection) {
                let outcome = try fold([made(.timer(withNextWindow(timer)), at: due)])
                // One that no longer applies is not taken back by what it does.
                if case .dropped = outcome[0] {
                    try SimulationTables.remove(timer, connection)
                }
            }
        }
        nextDue = try nextMoment()
    }

    /// The end of a silence that comes back says its next window, as in the log.
    private func withNextWindow(_ timer: TimerEvent) -> TimerEvent {
        guard timer.kind == .silenceEnd, let silence = base.silences[timer.subjectID] else { return timer }
        var timer = timer
        timer.nextWindow = silence.nextWindow(at: timer.dueAt)
        return timer
    }

    private func nextMoment() throws -> Timestamp? {
        try TimerRows.nextDue(of: Replay.kinds, connection)
    }

    private mutating func fold(_ events: [Event]) throws -> [Outcome] {
        var rest = events[...]
        var outcomes: [Outcome] = []
        while let batch = try Batch.next(of: rest, on: base, from: connection) {
            try batch.write(to: connection, as: .again)
            base = batch.settings(after: base)
            outcomes += batch.outcomes
            rest = rest.dropFirst(batch.events.count)
        }
        return outcomes
    }

    private mutating func made(_ content: EventContent, at moment: Timestamp) -> Event {
        defer { nextID -= 1 }
        return Event(id: nextID, receivedAt: moment, content: content)
    }
}
