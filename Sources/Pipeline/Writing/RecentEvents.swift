import Alerting

/// The newest events of the log, as they were committed, for the worker: in step with the senders it folds what was
/// written a moment ago, and need not read it from the file.
///
/// They follow each other without a gap. Where there are too many the worker is behind, and reads.
struct RecentEvents {
    private var events: [Event] = []
    private var bytes = 0

    /// How many are kept at most.
    static let maximumCount = 1024
    /// How many bytes their bodies have at most, of which what is kept is a part.
    static let maximumBytes = 2 * 1024 * 1024

    /// Adds events that were committed, numbered from `first` on.
    mutating func add(_ committed: some Collection<NewEvent>, from first: EventID) {
        let added = committed.reduce(0) { $0 + $1.body.count }
        let follows = events.last.map { $0.id + 1 == first } ?? true
        if !follows || events.count + committed.count > RecentEvents.maximumCount
            || bytes + added > RecentEvents.maximumBytes
        {
            forget()
        }
        guard committed.count <= RecentEvents.maximumCount, added <= RecentEvents.maximumBytes else { return }
        bytes += added
        events.reserveCapacity(events.count + committed.count)
        var id = first
        for event in committed {
            events.append(Event(id: id, receivedAt: event.receivedAt, content: event.content))
            id += 1
        }
    }

    /// Takes those that follow `cursor`, at most `limit`; none where the next one is not here.
    mutating func take(after cursor: EventID, limit: Int) -> [Event] {
        guard let first = events.first?.id, first <= cursor + 1 else { return [] }
        let known = Int(cursor + 1 - first)
        let taken = known == 0 && events.count <= limit ? events : Array(events.dropFirst(known).prefix(limit))
        if known + taken.count >= events.count {
            forget()
        } else {
            events.removeFirst(known + taken.count)
        }
        return taken
    }

    private mutating func forget() {
        events = []
        bytes = 0
    }
}
