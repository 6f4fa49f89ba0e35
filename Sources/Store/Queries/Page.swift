import Alerting

/// Which part of a list is wanted (rest-api.md section 4).
public struct PageRequest: Sendable, Hashable {
    /// How many elements at most; the REST API allows 1 to 100.
    public var limit: Int64
    /// How many elements of the list come before them.
    public var offset: Int64
    /// Whether the length of the whole list is wanted: counting may take longer than the page itself.
    public var countsAll: Bool

    /// A part of a list.
    public init(limit: Int64 = 25, offset: Int64 = 0, countsAll: Bool = false) {
        self.limit = limit
        self.offset = offset
        self.countsAll = countsAll
    }
}

/// A part of a list.
public struct Page<Element: Sendable>: Sendable {
    /// The elements, at most as many as were asked for.
    public var elements: [Element]
    /// Whether the list goes on after them; false where there are none.
    public var hasMore: Bool
    /// The length of the whole list; nil unless it was asked for.
    public var total: Int64?

    /// A list without elements.
    public static func empty(for request: PageRequest) -> Page {
        Page(elements: [], hasMore: false, total: request.countsAll ? 0 : nil)
    }

    /// The part of a list that is loaded as a whole.
    public init(of all: [Element], request: PageRequest) {
        let rest = all.dropFirst(Int(request.offset))
        elements = Array(rest.prefix(Int(request.limit)))
        hasMore = rest.count > Int(request.limit)
        total = request.countsAll ? Int64(all.count) : nil
    }

    /// What is left of one element more than was asked for: that one only tells that the list goes on.
    init(oneMore elements: [Element], request: PageRequest, total: Int64?) {
        self.elements = Array(elements.prefix(Int(request.limit)))
        hasMore = elements.count > Int(request.limit)
        self.total = total
    }

    /// The same part without the rows that this program cannot read.
    func compacted<Value>() -> Page<Value> where Element == Value? {
        Page<Value>(elements: elements.compactMap { $0 }, hasMore: hasMore, total: total)
    }

    fileprivate init(elements: [Element], hasMore: Bool, total: Int64?) {
        self.elements = elements
        self.hasMore = hasMore
        self.total = total
    }
}

/// A span of time; without bounds it is all time.
public struct TimeWindow: Sendable, Hashable {
    /// The first moment inside.
    public var since: Timestamp?
    /// The first moment after it.
    public var until: Timestamp?

    /// All time.
    public static let unbounded = TimeWindow()

    /// A span of time.
    public init(since: Timestamp? = nil, until: Timestamp? = nil) {
        self.since = since
        self.until = until
    }

    var isUnbounded: Bool { since == nil && until == nil }

    /// The condition that a column lies in the window.
    func condition(on column: String) -> [BoundSQL] {
        var conditions: [BoundSQL] = []
        if let since { conditions.append(BoundSQL("\(column) >= ?", .integer(since.milliseconds))) }
        if let until { conditions.append(BoundSQL("\(column) < ?", .integer(until.milliseconds))) }
        return conditions
    }
}
