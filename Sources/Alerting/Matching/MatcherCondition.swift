/// A matcher made ready: what a label's value has to be.
enum MatcherCondition: Sendable {
    case equal(String)
    case notEqual(String)
    case matches(Pattern)
    case doesNotMatch(Pattern)

    /// The condition of that matcher. Throws `MatcherSyntaxError` for a pattern that `Pattern` refuses.
    init(_ matcher: LabelMatcher) throws(MatcherSyntaxError) {
        switch matcher.comparison {
        case .equal: self = .equal(matcher.value)
        case .notEqual: self = .notEqual(matcher.value)
        case .matches: self = .matches(try Pattern(matcher.value))
        case .doesNotMatch: self = .doesNotMatch(try Pattern(matcher.value))
        }
    }

    /// Whether that value of the label fulfils it.
    func holds(for value: String) -> Bool {
        switch self {
        case .equal(let wanted): value.hasSameBytes(as: wanted)
        case .notEqual(let unwanted): !value.hasSameBytes(as: unwanted)
        case .matches(let pattern): pattern.matches(value)
        case .doesNotMatch(let pattern): !pattern.matches(value)
        }
    }

    /// What a value needs for the pattern to match at all; nil if that is nothing, or if there is no pattern.
    var required: TextSketch? {
        switch self {
        case .equal, .notEqual: nil
        case .matches(let pattern), .doesNotMatch(let pattern): pattern.required.isEmpty ? nil : pattern.required
        }
    }

    /// Whether a value fulfils it that lacks what the pattern requires.
    var holdsWithoutRequired: Bool {
        switch self {
        case .equal, .matches: false
        case .notEqual, .doesNotMatch: true
        }
    }

    /// The values that fulfil it, if they are few and the empty one is not among them.
    var values: [String]? {
        let values: [String]? =
            switch self {
            case .equal(let wanted): [wanted]
            case .matches(let pattern): pattern.literals
            case .notEqual, .doesNotMatch: nil
            }
        guard let values, values.allSatisfy({ !$0.isEmpty }) else { return nil }
        return values
    }

    /// About what it costs for each scalar of the value, as `Pattern.stepsPerScalar`.
    var stepsPerScalar: Int {
        switch self {
        case .equal, .notEqual: 1
        case .matches(let pattern), .doesNotMatch(let pattern): pattern.stepsPerScalar
        }
    }
}
