/// Copies what can still be read of a damaged log into a new database.
public struct LogSalvage: Sendable, Hashable {
    /// How many events were copied.
    public private(set) var events: Int64 = 0
    /// The runs of numbers in which an event, if there was one, could not be read.
    public private(set) var gaps: [ClosedRange<Int64>] = []

    /// How many numbers are tried at a time, before they are halved where one of them cannot be read.
    private static let step: Int64 = 4096

    /// Copies the rows of `events`. The damaged database is only read; the new one has to be there, with an empty log. Blocks.
    public init(from damaged: Database, to new: Database) throws {
        let connection = try Connection(path: "", mode: .temporary)
        defer { connection.close() }
        try connection.attach(damaged, as: "damaged", isReadOnly: true)
        try connection.attach(new, as: "recovered", isReadOnly: false)
        let last = LogSalvage.lastEvent(connection)
        var first: Int64 = 1
        while first <= last {
            let end = min(last, first + LogSalvage.step - 1)
            try copy(first...end, on: connection)
            first = end + 1
        }
    }

    /// Copies a run of events, or its halves where something in it cannot be read.
    private mutating func copy(_ numbers: ClosedRange<Int64>, on connection: Connection) throws {
        do {
            try connection.transaction(.immediate) {
                try connection.run("INSERT INTO recovered.events SELECT * FROM damaged.events WHERE id BETWEEN ? AND ?")
                {
                    $0.add(numbers.lowerBound)
                    $0.add(numbers.upperBound)
                }
                events += connection.changedRows
            }
        } catch let error as SQLiteError where error.isCorrupt {
            guard numbers.count > 1 else {
                if let gap = gaps.last, gap.upperBound == numbers.lowerBound - 1 {
                    gaps[gaps.count - 1] = gap.lowerBound...numbers.upperBound
                } else {
                    gaps.append(numbers)
                }
                return
            }
            let middle = numbers.lowerBound + Int64(numbers.count) / 2
            try copy(numbers.lowerBound...(middle - 1), on: connection)
            try copy(middle...numbers.upperBound, on: connection)
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
