/// Reads the text of a pattern. The syntax is described at `Pattern`.
struct PatternParser {
    /// How deep groups may be in each other, so that the recursion here and over the nodes is bounded.
    static let maximumDepth = 100

    /// What errors call the text.
    static let place = "the pattern"

    var reader: ScalarReader
    private(set) var ignoresCase = false
    private var depth = 0

    private init(_ text: String) {
        reader = ScalarReader(text, place: Self.place)
    }

    /// The pattern as nodes. Throws `MatcherSyntaxError` for what is not a pattern, or not one that is supported.
    static func parse(_ text: String) throws(MatcherSyntaxError) -> PatternNode {
        var parser = PatternParser(text)
        parser.parseFlags()
        let node = try parser.parseChoice()
        guard parser.reader.isAtEnd else { throw parser.reader.error("there is a ) without a (") }
        return node
    }

    /// Reads `(?i)`, `(?s)` and both together, which may only come first.
    private mutating func parseFlags() {
        while true {
            let start = reader.position
            guard reader.take("(?") else { return }
            let flags = reader.readWhile { $0 == "i" || $0 == "s" }
            guard !flags.isEmpty, reader.take(")") else { return reader.rewind(to: start) }
            if flags.unicodeScalars.contains("i") { ignoresCase = true }
        }
    }

    private mutating func parseChoice() throws(MatcherSyntaxError) -> PatternNode {
        var alternatives = [try parseSequence()]
        while reader.take("|") { alternatives.append(try parseSequence()) }
        return .choosing(alternatives)
    }

    private mutating func parseSequence() throws(MatcherSyntaxError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = reader.next, next != "|", next != ")" {
            let atom = try parseAtom()
            guard let times = try parseRepetition() else {
                nodes.append(atom)
                continue
            }
            nodes.append(.repeating(atom, times))
            let second = reader.position
            if try parseRepetition() != nil {
                throw reader.error("a repetition may not follow another one directly", at: second)
            }
        }
        return .joining(nodes)
    }

    private mutating func parseAtom() throws(MatcherSyntaxError) -> PatternNode {
        let start = reader.position
        if reader.take("(") { return try parseGroup(at: start) }
        if reader.take("[") { return .scalar(try parseClass(at: start)) }
        if reader.take("\\") { return .scalar(try parseEscape(at: start).set(folding: ignoresCase)) }
        if reader.take(".") { return .scalar(.everything) }
        if reader.take("^") { return .start }
        if reader.take("$") { return .end }
        if try parseRepetition() != nil { throw reader.error("there is nothing to repeat", at: start) }
        // The caller saw that there is a next one.
        guard let literal = reader.read() else { return .empty }
        return .scalar(PatternAtom.scalar(literal).set(folding: ignoresCase))
    }

    private mutating func parseGroup(at start: Int) throws(MatcherSyntaxError) -> PatternNode {
        try parseGroupStart(at: start)
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw reader.error("groups are more than \(Self.maximumDepth) deep in each other", at: start)
        }
        let node = try parseChoice()
        depth -= 1
        guard reader.take(")") else { throw reader.error("this ( is not closed", at: start) }
        return node
    }

    /// Reads what follows the `(` of a group up to the first scalar in it.
    private mutating func parseGroupStart(at start: Int) throws(MatcherSyntaxError) {
        guard reader.take("?") else { return }
        if reader.take(":") { return }
        if reader.take("=") || reader.take("!") { throw reader.error("lookahead is not supported", at: start) }
        if reader.take("<=") || reader.take("<!") { throw reader.error("lookbehind is not supported", at: start) }
        if reader.take("P<") || reader.take("<") {
            let name = reader.readWhile { ScalarSet.wordCharacters.contains($0.value) }
            if !name.isEmpty, reader.take(">") { return }
            throw reader.error("the name of this group is not letters, digits or _ and then >", at: start)
        }
        throw reader.error("flags other than (?i) and (?s) at the very start are not supported", at: start)
    }
}
