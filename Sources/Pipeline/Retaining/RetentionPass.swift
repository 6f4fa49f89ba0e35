import Alerting
import Store

/// Looks once through all that is too old, and has it removed in steps (docs/adr/0007-retention.md).
///
/// What to remove is looked for on a connection of its own, beside the gate. Everything a step removes is either dead,
/// so that nobody touches it between the look and the step, or is looked at again in the step. A pass may be abandoned
/// after any step; the next one goes on with what it left.
struct RetentionPass {
    /// Where to look.
    let connection: Connection
    let limits: RetentionLimits
    /// Resolved incidents go that were resolved before; nil keeps them.
    let incidentsCutoff: Timestamp?
    /// Events without effect go that were received before; nil keeps them.
    let eventsCutoff: Timestamp?
    /// Change events go that were received before; nil keeps them.
    let changeEventsCutoff: Timestamp?
    /// Carries a step out in one transaction. What it throws abandons the pass.
    let perform: (RetentionStep) throws -> RetentionStep.Result

    /// Events up to here have been looked through for such without effect, and none is left.
    var lookedThrough: EventID = 0
    /// What has been removed so far.
    private(set) var counts = RetentionCounts()

    init(
        connection: Connection, policy: RetentionPolicy, now: Timestamp, limits: RetentionLimits = RetentionLimits(),
        perform: @escaping (RetentionStep) throws -> RetentionStep.Result
    ) {
        self.connection = connection
        self.limits = limits
        self.perform = perform
        incidentsCutoff = RetentionPolicy.cutoff(days: policy.incidentsDays, at: now)
        eventsCutoff = RetentionPolicy.cutoff(days: policy.eventsDays, at: now)
        changeEventsCutoff = RetentionPolicy.cutoff(days: policy.changeEventsDays, at: now)
    }

    /// Removes everything that is too old now.
    mutating func run() throws {
        try removeRemains()
        if let incidentsCutoff {
            // Before the incidents whose alerts held them back.
            try removeRecoveredAlerts(before: incidentsCutoff)
            try removeIncidents(before: incidentsCutoff)
        }
        if let eventsCutoff { try removeEventsWithoutEffect(before: eventsCutoff) }
        if let changeEventsCutoff { try removeChangeEvents(before: changeEventsCutoff) }
        try giveSpaceBack()
    }

    // MARK: Incidents

    private mutating func removeIncidents(before cutoff: Timestamp) throws {
        var last: RetentionRows.Resolved?
        var marked = 0
        while true {
            let found = try RetentionRows.resolved(
                before: cutoff, after: last, limit: Int64(limits.marks), connection)
            guard let end = found.last else { break }
            last = end
            var groups: [ExpiringGroup] = []
            var planned: Set<IncidentID> = []
            for incident in found where !planned.contains(incident.id) {
                guard let group = try clearedGroup(around: incident.id, before: cutoff) else { continue }
                groups.append(group)
                planned.formUnion(group.members.map(\.id))
            }
            marked += planned.count
            try mark(groups)
            if marked >= limits.round {
                try removeRemains()
                marked = 0
            }
        }
        try removeRemains()
    }

    /// Alerts that recovered while they were held back are in no incident with which they could go.
    private mutating func removeRecoveredAlerts(before cutoff: Timestamp) throws {
        var last: (at: Timestamp, id: AlertID)?
        while true {
            let found = try RetentionRows.recovered(
                before: cutoff, after: last, limit: Int64(limits.marks), connection)
            guard let end = found.last else { break }
            last = end
            for (_, id) in found {
                let refused = try RetentionRows.refusedOver(recovered: id, connection)
                if !refused.isEmpty { try remove(events: refused) }
            }
            var rest = found.map(\.id)[...]
            while !rest.isEmpty { rest.removeFirst(try take(.markAlerts(Array(rest)))) }
            try removeRemains()
        }
    }

    /// The incidents that go together with one, after the actions are removed that had no effect and whose outcome
    /// hangs on them; nil where they cannot go yet.
    private mutating func clearedGroup(
        around incident: IncidentID, before cutoff: Timestamp
    ) throws -> ExpiringGroup? {
        // An action may come in between: a second look finds it, and a third is enough for any sane haste.
        for _ in 0..<3 {
            guard
                let (group, actions) = try ExpiringGroupSearch(connection: connection, limits: limits).group(
                    around: incident, before: cutoff)
            else { return nil }
            if actions.isEmpty { return group }
            try remove(events: actions.sorted())
        }
        return nil
    }

    private mutating func mark(_ groups: [ExpiringGroup]) throws {
        var rest = groups[...]
        while !rest.isEmpty {
            var size = 0
            // As many groups as have room in a step; at least one.
            let next = rest.prefix { group in
                defer { size += group.members.count + group.sharedActions.count }
                return size == 0 || size + group.members.count + group.sharedActions.count <= limits.marks
            }
            rest.removeFirst(try take(.mark(Array(next))))
        }
    }

    // MARK: What is left of expiring incidents

    private mutating func removeRemains() throws {
        let marks = try RetentionRows.expiring(connection)
        let alerts = try RetentionRows.expiringAlerts(connection)
        let all = marks + alerts
        guard let first = all.map(\.id).min(), let last = all.map(\.last).max() else { return }
        var batch: [Removal] = []
        for mark in marks {
            while true {
                let room = limits.removals - batch.count
                let rows = try RetentionRows.rows(of: mark.id, limit: Int64(room), connection)
                batch += rows
                guard rows.count == room else { break }
                try remove(batch)
                batch = []
            }
        }
        try remove(batch)
        // Those in incidents are gone by now.
        try remove(alerts.map { .alert($0.id) })
        var position = first - 1
        while let end = try RetentionRows.windowEnd(
            after: position, through: last, limit: limits.window, connection)
        {
            while true {
                let events = try RetentionRows.expiringEvents(
                    after: position, through: end, limit: Int64(limits.removals), connection)
                guard !events.isEmpty else { break }
                try remove(events: events)
            }
            position = end
        }
        try remove(marks.map { .mark($0.id) } + alerts.map { .alertMark($0.id) })
    }

    // MARK: The rest

    private mutating func removeEventsWithoutEffect(before cutoff: Timestamp) throws {
        var position = lookedThrough
        let last = try FoldReader.cursor(connection)
        while let end = try RetentionRows.windowEnd(
            after: position, through: last, limit: limits.window, connection)
        {
            let found = try RetentionRows.withoutEffect(after: position, through: end, connection)
            let old = found.filter { $0.receivedAt < cutoff }
            try remove(events: old.map(\.id))
            if old.count == found.count, lookedThrough == position { lookedThrough = end }
            // Further on they are younger still, unless the clock was set.
            if old.isEmpty && !found.isEmpty { break }
            position = end
        }
    }

    private mutating func removeChangeEvents(before cutoff: Timestamp) throws {
        var position: EventID = 0
        while true {
            let found = try RetentionRows.changeEvents(after: position, limit: Int64(limits.removals), connection)
            guard let last = found.last else { break }
            let old = found.filter { $0.receivedAt < cutoff }
            guard !old.isEmpty else { break }
            try remove(events: old.map(\.id)) { .changeEvent($0) }
            position = last.id
        }
    }

    private mutating func giveSpaceBack() throws {
        while true {
            let free = try connection.freePageCount()
            guard free > limits.freePages else { return }
            let handled = try take(
                .giveBack(pages: min(limits.pages, free - limits.freePages), atOnce: limits.pagesAtOnce))
            guard handled > 0 else { return }
        }
    }

    // MARK: Steps

    /// Removes events in steps that are bounded in bytes, too. Looking at their size reads their pages beside the gate.
    private mutating func remove(
        events: [EventID], as removal: (EventID) -> Removal = { .event($0) }
    ) throws {
        var batch: [Removal] = []
        var bytes: Int64 = 0
        for event in events {
            let size = try RetentionRows.bodySize(of: event, connection)
            if !batch.isEmpty, bytes + size > limits.bytes || batch.count == limits.removals {
                try remove(batch)
                batch = []
                bytes = 0
            }
            batch.append(removal(event))
            bytes += size
        }
        try remove(batch)
    }

    private mutating func remove(_ removals: [Removal]) throws {
        var rest = removals[...]
        while !rest.isEmpty { rest.removeFirst(try take(.remove(Array(rest.prefix(limits.removals))))) }
    }

    private mutating func take(_ step: RetentionStep) throws -> Int {
        let result = try perform(step)
        counts += result.counts
        return result.handled
    }
}
