extension TextSketch {
    /// What every text has that the pattern matches.
    init(requiredBy node: PatternNode) {
        self.init()
        var run: [UInt8] = []
        insert(requiredBy: node, after: &run)
        insert(&run)
    }

    /// Adds what the node requires after a run of bytes that must come right before it, and leaves the run there must
    /// be at its end.
    private mutating func insert(requiredBy node: PatternNode, after run: inout [UInt8]) {
        switch node {
        case .empty, .start, .end: break
        case .scalar(let set):
            if let bytes = Self.lowercasedBytes(of: set) { run += bytes } else { insert(&run) }
        case .sequence(let nodes):
            for node in nodes { insert(requiredBy: node, after: &run) }
        case .choice: insert(&run)
        case .repetition(let node, let minimum, _):
            insert(&run)
            if minimum > 0 { insert(requiredBy: node, after: &run) }
            insert(&run)
        }
    }

    /// Adds the pairs of a run that ends here.
    private mutating func insert(_ run: inout [UInt8]) {
        for (first, second) in zip(run, run.dropFirst()) { insert(first, second) }
        run.removeAll(keepingCapacity: true)
    }

    /// The bytes of the only member of a set; of an ASCII letter in both cases those of the lowercase one.
    private static func lowercasedBytes(of set: ScalarSet) -> [UInt8]? {
        guard let members = set.members(atMost: 2), let first = members.first else { return nil }
        let bytes = String(first).utf8.map(lowercased)
        return members.allSatisfy { String($0).utf8.map(lowercased) == bytes } ? bytes : nil
    }
}
