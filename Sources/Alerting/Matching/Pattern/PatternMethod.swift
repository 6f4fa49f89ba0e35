/// How a pattern is matched: the cheapest way that is right for it.
enum PatternMethod: Sendable {
    /// It is any of those texts, ascending by their bytes.
    case oneOf([String])
    /// It is that text and then anything.
    case prefix(String)
    /// It has a table of states.
    case automaton(PatternAutomaton)
    /// Its table would be too large.
    case simulation(PatternSimulation)

    /// The way for that pattern. Throws `MatcherSyntaxError` if it has too many instructions.
    init(of node: PatternNode) throws(MatcherSyntaxError) {
        let node = node.withoutOuterAnchors
        if let literals = node.literals {
            self = .oneOf(literals)
        } else if let prefix = node.prefixBeforeAnything {
            self = .prefix(prefix)
        } else {
            let program = try PatternCompiler.program(of: node)
            if let automaton = PatternDeterminisation.automaton(of: program) {
                self = .automaton(automaton)
            } else {
                self = .simulation(PatternSimulation(program))
            }
        }
    }

    /// Whether the whole text matches.
    func matches(_ text: String) -> Bool {
        switch self {
        case .oneOf(let literals): Self.contains(text, in: literals)
        case .prefix(let prefix): text.startsWithBytes(of: prefix)
        case .automaton(let automaton): automaton.matches(text)
        case .simulation(let simulation): simulation.matches(text)
        }
    }

    private static func contains(_ text: String, in literals: [String]) -> Bool {
        var low = 0
        var high = literals.count
        while low < high {
            let middle = (low + high) / 2
            let order = text.bytesCompared(with: literals[middle])
            if order == 0 { return true }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return false
    }
}
