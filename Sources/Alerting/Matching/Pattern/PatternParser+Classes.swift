extension PatternParser {
    /// Reads a class such as `[a-z\d]`, whose `[` at that position was read.
    mutating func parseClass(at start: Int) throws(MatcherSyntaxError) -> ScalarSet {
        let isInverted = reader.take("^")
        var ranges: [ClosedRange<UInt32>] = []
        // A ] that comes first is a member, as in RE2.
        var isFirst = true
        while isFirst || !reader.take("]") {
            isFirst = false
            ranges += try parseClassItem(in: start).ranges
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    /// Reads a scalar, a range or an escape in the class that started at that position.
    private mutating func parseClassItem(in start: Int) throws(MatcherSyntaxError) -> ScalarSet {
        let itemStart = reader.position
        if reader.take("[:") { throw reader.error("classes such as [:alpha:] are not supported", at: itemStart) }
        let first = try parseClassMember(in: start)
        let dash = reader.position
        guard case .scalar(let lower) = first, reader.take("-") else { return first.set(folding: ignoresCase) }
        if reader.next == "]" {
            // A dash that comes last is a member.
            reader.rewind(to: dash)
            return first.set(folding: ignoresCase)
        }
        guard case .scalar(let upper) = try parseClassMember(in: start), lower <= upper else {
            throw reader.error("this range of a class does not go from a scalar to a later one", at: itemStart)
        }
        let range = ScalarSet([lower.value...upper.value])
        return ignoresCase ? CaseFolding.folded(range) : range
    }

    /// Reads one end of a range, or what is not a range.
    private mutating func parseClassMember(in start: Int) throws(MatcherSyntaxError) -> PatternAtom {
        let position = reader.position
        guard let scalar = reader.read() else { throw reader.error("this [ is not closed", at: start) }
        return scalar == "\\" ? try parseEscape(at: position) : .scalar(scalar)
    }
}
