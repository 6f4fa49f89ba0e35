/// The silences that have not ended, found by what alerts are like.
public struct SilenceBook: Sendable {
    private var byID: [SilenceID: Silence] = [:]
    private var index = ServiceMatcherIndex([])

    /// About how many steps of a few nanoseconds all of them together may cost for each scalar of an alert's labels, so
    /// that no set of patterns can hold up the fold (`Pattern.stepsPerScalar`).
    static let maximumSteps = 20_000
    /// How many may be set at a time.
    static let maximumCount = 5000

    /// No silence.
    public init() {}

    /// Whether there is room for one more with these matchers.
    func hasRoom(for matchers: MatcherSet) -> Bool {
        let steps = byID.values.reduce(0) { $0 + $1.matchers.stepsPerScalar }
        return byID.count < SilenceBook.maximumCount && steps + matchers.stepsPerScalar <= SilenceBook.maximumSteps
    }

    /// The silences; those that have ended are left out.
    public init(_ silences: some Sequence<Silence>) {
        for silence in silences where silence.endedAt == nil { byID[silence.id] = silence }
        build()
    }

    /// All of them, in the order they were set.
    public var all: [Silence] { byID.values.sorted { $0.id < $1.id } }

    /// The silence with that number, if it has not ended.
    public subscript(id: SilenceID) -> Silence? { byID[id] }

    /// Sets a silence, new or changed.
    mutating func set(_ silence: Silence) {
        byID[silence.id] = silence.endedAt == nil ? silence : nil
        build()
    }

    /// The silences that are in force at a moment and match an alert.
    public func silences(of alert: Alert, at moment: Timestamp) -> [Silence] {
        index.matching(alert).compactMap { byID[$0] }.filter { $0.isInForce(at: moment) }
    }

    private mutating func build() {
        index = ServiceMatcherIndex(byID.values.map { ($0.id, $0.serviceID, $0.matchers) })
    }
}
