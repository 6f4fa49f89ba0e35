/// What a literal or an escape stands for.
enum PatternAtom {
    /// Itself.
    case scalar(Unicode.Scalar)
    /// A named set such as `\d`, or all but it.
    case named(ScalarSet, isInverted: Bool)

    /// The scalars it matches, with or without regard to case.
    func set(folding ignoresCase: Bool) -> ScalarSet {
        switch self {
        case .scalar(let scalar):
            let set = ScalarSet([scalar.value...scalar.value])
            return ignoresCase ? CaseFolding.folded(set) : set
        case .named(let named, let isInverted):
            let set = ignoresCase ? CaseFolding.folded(named) : named
            return isInverted ? set.inverted : set
        }
    }
}
