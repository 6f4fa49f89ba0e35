/// Turns nodes into a program, from the end to the start, so that what an instruction leads to is always there already.
struct PatternCompiler {
    private var instructions: [PatternProgram.Instruction] = [.accept]
    private var sets: [ScalarSet] = []
    private var numbers: [ScalarSet: UInt16] = [:]

    private init() {}

    /// The program of that pattern. Throws `MatcherSyntaxError` if it has more than `Pattern.maximumSize` instructions.
    ///
    /// Every node but the empty one adds an instruction, so the work is bounded by that size times the nodes' depth.
    static func program(of node: PatternNode) throws(MatcherSyntaxError) -> PatternProgram {
        var compiler = PatternCompiler()
        let first = try compiler.compile(node, next: PatternProgram.accept)
        return PatternProgram(instructions: compiler.instructions, sets: compiler.sets, first: first)
    }

    /// Adds the instructions that match the node and then go on at `next`; gives the first.
    private mutating func compile(_ node: PatternNode, next: UInt16) throws(MatcherSyntaxError) -> UInt16 {
        switch node {
        case .empty: return next
        case .scalar(let set): return try add(reading(set, next: next))
        case .start: return try add(.start(next: next))
        case .end: return try add(.end(next: next))
        case .sequence(let nodes):
            var first = next
            for node in nodes.reversed() { first = try compile(node, next: first) }
            return first
        case .choice(let nodes):
            return try choosing(nodes, next: next)
        case .repetition(let node, let minimum, let maximum):
            return try repeating(node, minimum, maximum, next: next)
        }
    }

    private mutating func choosing(_ nodes: [PatternNode], next: UInt16) throws(MatcherSyntaxError) -> UInt16 {
        var first: UInt16?
        for node in nodes.reversed() {
            let alternative = try compile(node, next: next)
            if let others = first {
                first = try add(.split(alternative, others))
            } else {
                first = alternative
            }
        }
        return first ?? next
    }

    private mutating func repeating(
        _ node: PatternNode, _ minimum: Int, _ maximum: Int?, next: UInt16
    ) throws(MatcherSyntaxError) -> UInt16 {
        var first = next
        var required = minimum
        if let maximum {
            for _ in minimum..<maximum { first = try add(.split(try compile(node, next: first), next)) }
        } else {
            let loop = try looping(node, next: next)
            // The last of the required ones is the loop's own body.
            first = minimum == 0 ? loop.again : loop.body
            required = max(0, minimum - 1)
        }
        for _ in 0..<required { first = try compile(node, next: first) }
        return first
    }

    /// Adds a loop: `again` matches the node any number of times, `body` at least once.
    private mutating func looping(
        _ node: PatternNode, next: UInt16
    ) throws(MatcherSyntaxError) -> (again: UInt16, body: UInt16) {
        if case .scalar(.everything) = node, next == PatternProgram.accept {
            let rest = try add(.acceptRest)
            return (rest, try compile(node, next: rest))
        }
        let again = try add(.split(next, next))
        let body = try compile(node, next: again)
        instructions[Int(again)] = .split(body, next)
        return (again, body)
    }

    private mutating func reading(_ set: ScalarSet, next: UInt16) -> PatternProgram.Instruction {
        let number = numbers[set] ?? UInt16(sets.count)
        if number == sets.count {
            numbers[set] = number
            sets.append(set)
        }
        guard set.ranges.count == 1 else { return .set(number, next: next) }
        return .range(lower: set.ranges[0].lowerBound, upper: set.ranges[0].upperBound, next: next)
    }

    private mutating func add(_ instruction: PatternProgram.Instruction) throws(MatcherSyntaxError) -> UInt16 {
        guard instructions.count < Pattern.maximumSize else {
            let reason = "it has more than \(Pattern.maximumSize) parts after its repetitions are written out"
            throw MatcherSyntaxError(place: PatternParser.place, reason: reason)
        }
        instructions.append(instruction)
        return UInt16(instructions.count - 1)
    }
}
