import Alerting
import WireJSON

/// Reads matchers: as objects, or as texts in the form that Alertmanager's users know.
enum MatcherLists {
    /// The matchers in a member; nil where it is absent. They can be used together.
    static func matchers(_ value: JSONValue?, called name: String) throws(AdminError) -> [LabelMatcher]? {
        guard let value else { return nil }
        guard let elements = value.arrayValue else { throw .invalidInput("\(name) must be an array") }
        var matchers: [LabelMatcher] = []
        for element in elements { matchers += try self.matchers(of: element, called: name) }
        try requireKnown(matchers.map(\.label), called: name)
        do throws(MatcherSyntaxError) {
            _ = try MatcherSet(matchers)
        } catch {
            throw .invalidInput("\(name): \(error)")
        }
        return matchers
    }

    /// Fails where a label is none that alerts have.
    static func requireKnown(_ labels: [String], called name: String) throws(AdminError) {
        for label in labels where !Alert.labels.contains(label) {
            throw .invalidInput("\(name): \(label) is none of \(Alert.labels.joined(separator: ", "))")
        }
    }

    private static func matchers(of element: JSONValue, called name: String) throws(AdminError) -> [LabelMatcher] {
        if let text = element.stringValue {
            let parsed: [LabelMatcher]
            do throws(MatcherSyntaxError) {
                parsed = try LabelMatcher.parse(text)
            } catch {
                throw .invalidInput("\(name): \(error)")
            }
            // What became empty on its way here shall not hold back everything.
            guard !parsed.isEmpty else { throw .invalidInput("\(name): a text has no matcher in it") }
            return parsed
        }
        guard let label = element.member("label")?.stringValue, let value = element.member("value")?.stringValue,
            let comparison = LabelMatcher.Comparison(rawValue: element.member("comparison")?.stringValue ?? "=")
        else {
            throw .invalidInput(
                "\(name): each must be a text such as severity=\"warning\", or have label, value and comparison, one of "
                    + "=, !=, =~ and !~")
        }
        return [LabelMatcher(label: label, comparison: comparison, value: value)]
    }
}
