/// The incidents of a service that were opened within a stretch of time, with those that are opened now.
struct RecentIncidents: Sendable {
    /// An incident, ordered by when it was opened.
    struct Opening: Comparable, Sendable {
        let at: Timestamp
        let id: IncidentID

        static func < (left: Opening, right: Opening) -> Bool { (left.at, left.id) < (right.at, right.id) }
    }

    /// The moments before which everything is at hand that was opened within the window.
    private let moments: ClosedRange<Timestamp>
    private var openings: [Opening]

    /// All incidents that were opened after the window before the first moment and up to the last.
    init(_ openings: [Opening], for moments: ClosedRange<Timestamp>) {
        self.moments = moments
        self.openings = openings.sorted()
    }

    /// Whether everything is at hand that was opened within the window before a moment.
    func covers(_ moment: Timestamp) -> Bool { moments.contains(moment) }

    /// Takes in an incident that is opened now.
    mutating func insert(_ opening: Opening) {
        openings.insert(opening, at: place(of: opening))
    }

    /// The incidents opened within the window before a moment, the newest first, at most so many.
    func newest(_ count: Int64, before moment: Timestamp) -> [Opening] {
        let start = moment.adding(seconds: -StormDetection.window)
        let end = place(of: Opening(at: moment, id: .max))
        return openings[..<end].reversed().prefix(Int(count)).filter { $0.at > start }
    }

    /// The first place whose incident was opened after another.
    private func place(of opening: Opening) -> Int {
        var (low, high) = (0, openings.count)
        while low < high {
            let middle = (low + high) / 2
            if openings[middle] < opening { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
