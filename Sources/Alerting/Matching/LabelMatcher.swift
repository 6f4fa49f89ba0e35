/// A condition on one label of an alert, such as `source=~"db-.*"`.
///
/// It may hold anything: only `MatcherSet` checks its limits. Two are equal if their texts are the same bytes.
public struct LabelMatcher: Sendable {
    /// How the label's value is compared.
    public enum Comparison: String, Sendable, CaseIterable {
        /// The label is exactly the value.
        case equal = "="
        /// The label is anything but the value.
        case notEqual = "!="
        /// The value is a pattern, and the whole label matches it.
        case matches = "=~"
        /// The value is a pattern, and the whole label does not match it.
        case doesNotMatch = "!~"
    }

    /// The label's name, such as `source`, `severity` or `details.region`.
    public var label: String
    /// How its value is compared.
    public var comparison: Comparison
    /// What it is compared with: a text or a pattern.
    public var value: String

    /// A condition on that label.
    public init(label: String, comparison: Comparison, value: String) {
        self.label = label
        self.comparison = comparison
        self.value = value
    }
}

extension LabelMatcher: Hashable {
    /// Whether both say the same, byte by byte.
    public static func == (left: LabelMatcher, right: LabelMatcher) -> Bool {
        left.comparison == right.comparison && left.label.hasSameBytes(as: right.label)
            && left.value.hasSameBytes(as: right.value)
    }

    /// Feeds the bytes of the texts to the hasher, in keeping with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(comparison)
        label.hashBytes(into: &hasher)
        value.hashBytes(into: &hasher)
    }
}

extension LabelMatcher: CustomStringConvertible {
    /// The canonical text, `label="value"`: always with quotes, and with `\"`, `\\` and `\n` escaped.
    ///
    /// `parse` gives the same matcher back if the label is a valid name.
    public var description: String {
        var quoted = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "\(label)\(comparison.rawValue)\"\(quoted)\""
    }
}
