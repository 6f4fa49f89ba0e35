extension PatternParser {
    /// The greatest number in `{m,n}`, as in RE2.
    static let maximumCount = 1000

    /// Reads `*`, `+`, `?` or `{m,n}` and the `?` that makes it lazy, which changes nothing about whether a text
    /// matches; nil and nothing read if none comes next.
    mutating func parseRepetition() throws(MatcherSyntaxError) -> PatternRepetition? {
        let repetition: PatternRepetition
        if reader.take("*") {
            repetition = PatternRepetition(minimum: 0, maximum: nil)
        } else if reader.take("+") {
            repetition = PatternRepetition(minimum: 1, maximum: nil)
        } else if reader.take("?") {
            repetition = PatternRepetition(minimum: 0, maximum: 1)
        } else if let counted = try parseCounts() {
            repetition = counted
        } else {
            return nil
        }
        _ = reader.take("?")
        return repetition
    }

    /// Reads `{m}`, `{m,}` or `{m,n}`. Any other `{` is a literal, as in RE2.
    private mutating func parseCounts() throws(MatcherSyntaxError) -> PatternRepetition? {
        let start = reader.position
        guard reader.take("{"), let minimum = parseCount() else {
            reader.rewind(to: start)
            return nil
        }
        var maximum: Int? = minimum
        if reader.take(",") { maximum = parseCount() }
        guard reader.take("}") else {
            reader.rewind(to: start)
            return nil
        }
        guard max(minimum, maximum ?? 0) <= Self.maximumCount else {
            throw reader.error("a repetition is at most \(Self.maximumCount) times", at: start)
        }
        if let maximum, maximum < minimum {
            throw reader.error("the most of this repetition is less than its least", at: start)
        }
        return PatternRepetition(minimum: minimum, maximum: maximum)
    }

    /// Reads a number; nil and nothing read if there is none. One that is too great for `Int` gives the greatest.
    private mutating func parseCount() -> Int? {
        let digits = reader.readWhile { ScalarSet.digits.contains($0.value) }
        return digits.isEmpty ? nil : Int(digits) ?? Int.max
    }
}
