/// The short ways that most patterns in use allow.
extension PatternNode {
    /// How many scalars the literals of a pattern may have together, each counted with one more. An alternation that
    /// was written out always has fewer; the bound is for products such as `[ab][ab][ab]`.
    private static let maximumLiteralSize = 4096
    /// Up to how many members a class is written out.
    private static let maximumClassSize = 10

    /// The texts it matches, ascending by their bytes, each once, if they are few: `web|db-[12]` is `db-1`, `db-2`
    /// and `web`.
    var literals: [String]? {
        guard let texts = literalScalars?.map({ String(String.UnicodeScalarView($0)) }) else { return nil }
        var distinct: [String] = []
        for text in texts.sorted(by: { $0.bytesCompared(with: $1) < 0 })
        where !(distinct.last?.hasSameBytes(as: text) ?? false) {
            distinct.append(text)
        }
        return distinct
    }

    /// The text that has to come first, if anything may follow it: `db-` of `db-.*`.
    var prefixBeforeAnything: String? {
        if isAnything { return "" }
        guard case .sequence(let nodes) = self, let last = nodes.last, last.isAnything else { return nil }
        var prefix = String.UnicodeScalarView()
        for node in nodes.dropLast() {
            guard case .scalar(let set) = node, let only = set.members(atMost: 1)?.first else { return nil }
            prefix.append(only)
        }
        return String(prefix)
    }

    private var literalScalars: [[Unicode.Scalar]]? {
        switch self {
        case .empty: return [[]]
        case .scalar(let set): return set.members(atMost: Self.maximumClassSize).map { $0.map { [$0] } }
        case .start, .end, .repetition: return nil
        case .choice(let nodes):
            var all: [[Unicode.Scalar]] = []
            for node in nodes {
                guard let literals = node.literalScalars else { return nil }
                all += literals
            }
            return Self.fits(all) ? all : nil
        case .sequence(let nodes):
            var all: [[Unicode.Scalar]] = [[]]
            for node in nodes {
                guard let literals = node.literalScalars, literals.count * all.count <= Self.maximumLiteralSize else {
                    return nil
                }
                all = all.flatMap { start in literals.map { start + $0 } }
                guard Self.fits(all) else { return nil }
            }
            return all
        }
    }

    private static func fits(_ literals: [[Unicode.Scalar]]) -> Bool {
        literals.reduce(0) { $0 + $1.count + 1 } <= maximumLiteralSize
    }
}
