/// The silences that have not ended, found by what alerts are like.
public struct SilenceBook: Sendable {
    private var byID = ShardedTable<Silence>()
    private var index = GrowingMatcherIndex([])
    /// What the matchers of all silences cost together (`MatcherSet.stepsPerScalar`).
    private var steps = 0

    /// About how many steps of a few nanoseconds all of them together may cost for each scalar of an alert's labels, so
    /// that no set of patterns can hold up the fold (`Pattern.stepsPerScalar`).
    static let maximumSteps = 20_000
    /// How many may be set at a time.
    static let maximumCount = 5000

    /// No silence.
    public init() {}

    /// Whether there is room for one more with these matchers.
    func hasRoom(for matchers: MatcherSet) -> Bool {
        byID.count < SilenceBook.maximumCount && steps + matchers.stepsPerScalar <= SilenceBook.maximumSteps
    }

    /// The silences; those that have ended are left out.
    public init(_ silences: some Sequence<Silence>) {
        for silence in silences where silence.endedAt == nil {
            byID[silence.id] = silence
            steps += silence.matchers.stepsPerScalar
        }
        index = GrowingMatcherIndex(byID.values.map(SilenceBook.entry))
    }

    /// All of them, in the order they were set.
    public var all: [Silence] { byID.values.sorted { $0.id < $1.id } }

    /// The silence with that number, if it has not ended.
    public subscript(id: SilenceID) -> Silence? { byID[id] }

    /// Sets a silence, new or changed; one that has ended is removed.
    mutating func set(_ silence: Silence) {
        let former = byID[silence.id]
        let current = silence.endedAt == nil ? silence : nil
        byID[silence.id] = current
        // Most changes leave the matchers as they are.
        guard former?.matchers != current?.matchers || former?.serviceID != current?.serviceID else { return }
        if let former {
            index.remove(former.id)
            steps -= former.matchers.stepsPerScalar
        }
        if let current {
            index.insert(SilenceBook.entry(current))
            steps += current.matchers.stepsPerScalar
        }
    }

    /// The silences that are in force at a moment and match an alert.
    public func silences(of alert: Alert, at moment: Timestamp) -> [Silence] {
        index.matching(alert).compactMap { byID[$0] }.filter { $0.isInForce(at: moment) }
    }

    /// How many silences have been indexed so far: the work that the changes cost.
    var indexedCount: Int { index.indexedCount }

    private static func entry(_ silence: Silence) -> GrowingMatcherIndex.Entry {
        (silence.id, silence.serviceID, silence.matchers)
    }
}
