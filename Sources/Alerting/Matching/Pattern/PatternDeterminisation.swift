/// Turns a program into a table of states, if that stays small.
struct PatternDeterminisation {
    /// How many entries a table may have: 32 KiB, so that a thousand rules stay within some ten megabytes. Patterns in
    /// use have some hundreds to a few thousand.
    static let maximumEntries = 16_384
    /// How many steps it may take: some milliseconds, so that loading a thousand rules is a matter of seconds whatever
    /// they are.
    static let maximumSteps = 250_000

    private let program: PatternProgram
    private let alphabet: PatternAlphabet
    private let width: Int
    private var states: PatternStates
    /// The instructions that wait in each state, by number of its row.
    private var members: [[UInt16]] = [[], []]
    private var rows: [[UInt16]: UInt16] = [:]
    private var isAccepting = [false, true]
    private var table: [UInt16]

    private init(_ program: PatternProgram) {
        self.program = program
        alphabet = PatternAlphabet(of: program.sets)
        width = alphabet.examples.count
        states = PatternStates(of: program)
        let refusing = Array(repeating: PatternAutomaton.refusing, count: width)
        table = refusing + Array(repeating: UInt16(width), count: width)
    }

    /// The automaton of that program; nil if the table or the work would be too large.
    static func automaton(of program: PatternProgram) -> PatternAutomaton? {
        var work = PatternDeterminisation(program)
        return work.build()
    }

    private mutating func build() -> PatternAutomaton? {
        guard table.count <= Self.maximumEntries else { return nil }
        states.insert(program.first, atStart: true, atEnd: true)
        let acceptsEmpty = states.accepts
        states.removeAll()
        states.insert(program.first, atStart: true)
        guard let first = row() else { return nil }
        var number = 2
        while number < members.count {
            for kind in 0..<width {
                states.removeAll()
                states.insert(after: members[number], reading: alphabet.examples[kind])
                guard states.steps <= Self.maximumSteps, let next = row() else { return nil }
                table[number * width + kind] = next
            }
            number += 1
        }
        return PatternAutomaton(
            alphabet: alphabet, table: table, isAccepting: isAccepting, first: first, acceptsEmpty: acceptsEmpty)
    }

    /// The row of the present states, a new one if they were not met before; nil if there is no room for it.
    private mutating func row() -> UInt16? {
        if states.acceptsRest { return UInt16(width) }
        // Going on from the end of the text adds to what waits, so this comes before it.
        var key = states.waiting.sorted()
        let accepts = states.acceptsAtEnd()
        // Two states may differ in nothing but whether the text may end here. That instruction reads no scalar, so it
        // does no harm among the members.
        if accepts { key.append(PatternProgram.accept) }
        if key.isEmpty { return PatternAutomaton.refusing }
        if let known = rows[key] { return known }
        guard table.count + width <= Self.maximumEntries else { return nil }
        let row = UInt16(table.count)
        rows[key] = row
        members.append(key)
        isAccepting.append(accepts)
        table += Array(repeating: PatternAutomaton.refusing, count: width)
        return row
    }
}
