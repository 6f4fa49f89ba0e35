/// Matches by keeping all states of a program at once: for the patterns whose table of states would be too large.
///
/// Each scalar of the text costs at most four steps for each instruction, and the text is read once, so that no pattern
/// can make it take longer than its size says. It is a class since a pattern is copied in the hot path, and this is one
/// reference to count.
final class PatternSimulation: Sendable {
    /// What is simulated.
    let program: PatternProgram

    /// A simulation of that program.
    init(_ program: PatternProgram) {
        self.program = program
    }

    /// Whether the whole text matches.
    func matches(_ text: String) -> Bool {
        var steps = 0
        return matches(text, steps: &steps)
    }

    /// Whether the whole text matches; the steps it took are added to those given.
    func matches(_ text: String, steps: inout Int) -> Bool {
        var current = PatternStates(of: program)
        var following = PatternStates(of: program)
        defer { steps += current.steps + following.steps }
        current.insert(program.first, atStart: true, atEnd: text.utf8.isEmpty)
        for scalar in text.unicodeScalars {
            if current.acceptsRest { return true }
            if current.waiting.isEmpty { return false }
            following.removeAll()
            following.insert(after: current.waiting, reading: scalar.value)
            swap(&current, &following)
        }
        return current.acceptsAtEnd()
    }
}
