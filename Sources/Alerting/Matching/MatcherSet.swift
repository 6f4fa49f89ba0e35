/// Matchers made ready for use, all of which have to hold. Without any it matches everything.
///
/// Two are equal if their matchers are the same in the same order.
public struct MatcherSet: Sendable {
    /// How many matchers a set may have.
    public static let maximumMatchers = 20
    /// How many bytes the name of a label may have.
    public static let maximumLabelLength = 255
    /// How many Unicode scalars a value may have; a pattern is bounded by `Pattern.maximumLength` as well.
    public static let maximumValueLength = 1024

    /// The matchers, as they were given.
    public let matchers: [LabelMatcher]

    /// The matchers made ready, in their order.
    let conditions: [MatcherCondition]

    /// Compiles the matchers.
    ///
    /// Throws `MatcherSyntaxError` if they are more than `maximumMatchers`, if a label is not
    /// `[a-zA-Z_][a-zA-Z0-9_.-]*` of at most `maximumLabelLength` bytes, if a value is longer than
    /// `maximumValueLength`, or if a pattern is one that `Pattern` refuses.
    public init(_ matchers: [LabelMatcher]) throws(MatcherSyntaxError) {
        guard matchers.count <= Self.maximumMatchers else {
            let reason = "there are \(matchers.count), and at most \(Self.maximumMatchers) are allowed"
            throw MatcherSyntaxError(place: "the matchers", reason: reason)
        }
        var conditions: [MatcherCondition] = []
        for (index, matcher) in matchers.enumerated() {
            try Self.checkLimits(of: matcher, number: index + 1)
            do {
                conditions.append(try MatcherCondition(matcher))
            } catch {
                var error = error
                error.place = "the pattern of \(matcher.label)"
                throw error
            }
        }
        self.matchers = matchers
        self.conditions = conditions
    }

    /// Whether all matchers hold. An absent label counts as the empty text, as in Alertmanager.
    ///
    /// The closure gives the value of a label, nil if it is absent; it is called for one matcher after the other until
    /// one does not hold.
    public func matches(_ value: (String) -> String?) -> Bool {
        for (matcher, condition) in zip(matchers, conditions) where !condition.holds(for: value(matcher.label) ?? "") {
            return false
        }
        return true
    }

    /// About how many steps of a few nanoseconds it can cost for each scalar of the labels' values, as
    /// `Pattern.stepsPerScalar` of each matcher together.
    public var stepsPerScalar: Int { conditions.reduce(0) { $0 + $1.stepsPerScalar } }

    private static func checkLimits(of matcher: LabelMatcher, number: Int) throws(MatcherSyntaxError) {
        let place = "matcher \(number)"
        guard matcher.label.utf8.count <= maximumLabelLength else {
            throw MatcherSyntaxError(place: place, reason: "the label is longer than \(maximumLabelLength) bytes")
        }
        guard LabelName.isValid(matcher.label) else {
            throw MatcherSyntaxError(place: place, reason: LabelName.rule)
        }
        // The bytes first, since they are at least as many as the scalars and need no counting.
        guard
            matcher.value.utf8.count <= maximumValueLength || matcher.value.unicodeScalars.count <= maximumValueLength
        else {
            throw MatcherSyntaxError(place: place, reason: "the value is longer than \(maximumValueLength) characters")
        }
    }
}

extension MatcherSet: Hashable {
    /// Whether both have the same matchers in the same order.
    public static func == (left: MatcherSet, right: MatcherSet) -> Bool { left.matchers == right.matchers }

    /// Feeds the matchers to the hasher, in keeping with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(matchers) }
}
