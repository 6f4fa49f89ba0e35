import Alerting
import WireJSON

/// Reads matchers: as objects, or as texts in the form that Alertmanager's users know.
enum MatcherLists {
    /// What a matcher that is no text is made of.
    enum Member: String, CaseIterable {
        case label, comparison, value
    }

    /// The matchers in a member, at least one; nil if absent. They can be used together. Null and an empty list are
    /// refused: they are mostly what a script makes of a variable that is not set.
    static func matchers<Holder>(
        _ member: Holder, of object: OwnObject<Holder>
    ) throws(AdminError) -> [LabelMatcher]? {
        guard object.has(member) else { return nil }
        let path = object.path(member)
        guard let elements = try object.elements(member), !elements.isEmpty else {
            throw .invalidInput("\(path) must be an array of at least one matcher")
        }
        var matchers: [LabelMatcher] = []
        for (place, element) in elements.enumerated() {
            matchers += try self.matchers(of: element, at: "\(path)[\(place)]")
        }
        try requireKnown(matchers.map(\.label), called: path)
        do throws(MatcherSyntaxError) {
            _ = try MatcherSet(matchers)
        } catch {
            throw .invalidInput("\(path): \(error)")
        }
        return matchers
    }

    /// Fails where a label is none that alerts have.
    static func requireKnown(_ labels: [String], called name: String) throws(AdminError) {
        for label in labels where !Alert.labels.contains(label) {
            throw .invalidInput("\(name): \(label) is none of \(Alert.labels.joined(separator: ", "))")
        }
    }

    private static func matchers(of element: JSONValue, at path: String) throws(AdminError) -> [LabelMatcher] {
        if let text = element.stringValue {
            let parsed: [LabelMatcher]
            do throws(MatcherSyntaxError) {
                parsed = try LabelMatcher.parse(text)
            } catch {
                throw .invalidInput("\(path): \(error)")
            }
            // What became empty on its way here shall not hold back everything.
            guard !parsed.isEmpty else { throw .invalidInput("\(path): a text has no matcher in it") }
            return parsed
        }
        guard element.objectValue != nil else {
            throw .wrongType(path, "a text such as severity=\"warning\", or an object with label, comparison and value")
        }
        let object = try OwnObject<Member>(element, at: path)
        guard let label = try object.string(.label), let value = try object.string(.value) else {
            throw .invalidInput("\(path) must have label and value")
        }
        guard let comparison = LabelMatcher.Comparison(rawValue: try object.string(.comparison) ?? "=") else {
            throw .invalidInput("\(object.path(.comparison)) must be one of =, !=, =~ and !~")
        }
        return [LabelMatcher(label: label, comparison: comparison, value: value)]
    }
}
