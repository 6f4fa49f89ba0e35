/// A pattern as it was written.
///
/// The functions that make nodes leave out what matches only the empty text, so that every other node costs at least
/// one instruction: otherwise unrolling `(((){1000}){1000}){1000}` would take long and come to nothing.
indirect enum PatternNode {
    /// The empty text.
    case empty
    /// One scalar of a set.
    case scalar(ScalarSet)
    /// Nothing, at the start of the text.
    case start
    /// Nothing, at the end of the text.
    case end
    /// One after the other; at least two, none of them empty.
    case sequence([PatternNode])
    /// Any one of them; at least two.
    case choice([PatternNode])
    /// The node that often, without limit if there is no maximum; not empty.
    case repetition(PatternNode, minimum: Int, maximum: Int?)

    /// One after the other.
    static func joining(_ nodes: [PatternNode]) -> PatternNode {
        let present = nodes.filter { !$0.isEmpty }
        switch present.count {
        case 0: return .empty
        case 1: return present[0]
        default: return .sequence(present)
        }
    }

    /// Any one of them, which are at least one.
    static func choosing(_ nodes: [PatternNode]) -> PatternNode {
        nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    /// The node that often.
    static func repeating(_ node: PatternNode, _ times: PatternRepetition) -> PatternNode {
        if node.isEmpty || times.maximum == 0 { return .empty }
        return .repetition(node, minimum: times.minimum, maximum: times.maximum)
    }

    private var isEmpty: Bool {
        if case .empty = self { true } else { false }
    }

    /// The nodes that have to match one after the other, without `^` before and `$` behind them: the whole text has to
    /// match in any case.
    var withoutOuterAnchors: PatternNode {
        guard case .sequence(let nodes) = self else { return self }
        var rest = nodes[...]
        while case .start? = rest.first { rest.removeFirst() }
        while case .end? = rest.last { rest.removeLast() }
        return .joining(Array(rest))
    }

    /// Whether this is `.*`.
    var isAnything: Bool {
        guard case .repetition(.scalar(.everything), minimum: 0, maximum: nil) = self else { return false }
        return true
    }
}

/// How often something may occur.
struct PatternRepetition {
    /// The least.
    let minimum: Int
    /// The most; nil for any number.
    let maximum: Int?
}
