/// The instructions that a program is at after some of the text: a set, with constant time for each member.
struct PatternStates {
    /// The members that wait for a scalar or for the end of the text.
    private(set) var waiting: [UInt16] = []
    /// Whether the text matches if it ends here.
    private(set) var accepts = false
    /// Whether the text matches whatever follows.
    private(set) var acceptsRest = false
    /// How many instructions were looked at, over the whole life: what the work is proportional to.
    private(set) var steps = 0

    private let program: PatternProgram
    /// Which round an instruction was looked at last in; a new round empties the set without touching all of them.
    private var seenIn: [UInt64]
    private var round: UInt64 = 1
    private var pending: [UInt16] = []

    /// No instruction of that program.
    init(of program: PatternProgram) {
        self.program = program
        seenIn = Array(repeating: 0, count: program.instructions.count)
    }

    /// Takes all members out.
    mutating func removeAll() {
        waiting.removeAll(keepingCapacity: true)
        accepts = false
        acceptsRest = false
        round += 1
    }

    /// Puts an instruction in, with all that it leads to without reading a scalar.
    mutating func insert(_ place: UInt16, atStart: Bool = false, atEnd: Bool = false) {
        pending.append(place)
        while let place = pending.popLast() {
            steps += 1
            guard seenIn[Int(place)] != round else { continue }
            seenIn[Int(place)] = round
            switch program.instructions[Int(place)] {
            case .accept: accepts = true
            case .acceptRest:
                accepts = true
                acceptsRest = true
            case .split(let one, let other):
                pending.append(other)
                pending.append(one)
            case .start(let next): if atStart { pending.append(next) }
            case .end(let next): if atEnd { pending.append(next) } else { waiting.append(place) }
            case .range, .set: waiting.append(place)
            }
        }
    }

    /// Puts in where that scalar leads to from those instructions.
    mutating func insert(after places: [UInt16], reading scalar: UInt32) {
        steps += places.count
        for place in places {
            if let next = program.next(after: place, reading: scalar) { insert(next) }
        }
    }

    /// Goes on from the members that wait for the end of the text, and tells whether it matches there.
    mutating func acceptsAtEnd() -> Bool {
        let places = waiting
        for place in places {
            if case .end(let next) = program.instructions[Int(place)] { insert(next, atEnd: true) }
        }
        return accepts
    }
}
