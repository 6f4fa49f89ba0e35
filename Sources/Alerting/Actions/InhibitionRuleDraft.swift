/// An inhibition rule that somebody makes.
public struct InhibitionRuleDraft: Hashable, Sendable {
    /// The service that both alerts are of; nil is any.
    public var serviceID: ServiceID?
    /// What the alert has to be like that holds others back.
    public var source: [LabelMatcher]
    /// What an alert has to be like to be held back.
    public var target: [LabelMatcher]
    /// The labels whose values have to be the same, at most `maximumEqual`.
    public var equal: [String]
    /// Why, at most 1024 Unicode scalars.
    public var comment: String

    /// How many labels may have to be equal.
    public static let maximumEqual = 5

    /// A rule to make.
    public init(
        serviceID: ServiceID? = nil, source: [LabelMatcher], target: [LabelMatcher], equal: [String],
        comment: String = ""
    ) {
        self.serviceID = serviceID
        self.source = source
        self.target = target
        self.equal = equal
        self.comment = comment
    }
}

extension InhibitionRuleDraft {
    /// Why no such rule can be made, as far as that hangs on nothing else; nil where it can.
    public var refusal: Refusal? {
        let labels = source.map(\.label) + target.map(\.label) + equal
        guard labels.allSatisfy({ Alert.labels.contains($0) }), equal.count <= InhibitionRuleDraft.maximumEqual,
            let source = try? MatcherSet(source), let target = try? MatcherSet(target)
        else { return .invalidMatchers }
        // A side that matches an alert without any labels would match nearly all there are.
        guard !source.matches({ _ in nil }), !target.matches({ _ in nil }) else { return .matchersTooWide }
        return nil
    }
}
