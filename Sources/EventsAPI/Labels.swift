import Alerting
import WireJSON

/// The labels of an event: a flat map of strings for rules, grouping and search (events-api.md section 10).
public enum Labels {
    /// Further labels are left out.
    static let maximumCount = 50
    /// Scalars of a name; a longer one is cut.
    static let maximumNameScalars = 128
    /// Scalars of a value; a longer one is cut.
    static let maximumValueScalars = 2048

    /// One label.
    public struct Label: Sendable, Hashable {
        /// `[a-zA-Z_][a-zA-Z0-9_]*`, at most 128 characters.
        public var name: String
        /// At most 2048 Unicode scalars.
        public var value: String

        /// A label.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The labels of an event, with its details as the sender wrote them: its own members first, then the scalar
    /// members of the details, in the sender's order. A name that is there already is not overwritten.
    public static func of(_ event: AlertEvent, detailsJSON: [UInt8]?) throws(JSONError) -> [Label] {
        var labels = own(event)
        var names = Set(labels.map(\.name))
        guard let detailsJSON else { return labels }
        let members = try JSONValue(parsing: detailsJSON).objectValue ?? []
        for member in members where labels.count < maximumCount {
            let name = sanitized(member.name)
            guard let value = text(member.value), names.insert(name).inserted else { continue }
            labels.append(Label(name: name, value: Text.cut(value, maximumValueScalars)))
        }
        return labels
    }

    private static func own(_ event: AlertEvent) -> [Label] {
        let data = event.data
        let members: [(String, String?)] = [
            ("source", data.source), ("component", data.component), ("group", data.group), ("class", data.class),
            ("severity", data.severity?.rawValue), ("client", data.client),
        ]
        return members.compactMap { name, value in
            value.map { Label(name: name, value: Text.cut($0, maximumValueScalars)) }
        }
    }

    /// The name with everything but ASCII letters, digits and `_` as `_`, and no digit at its beginning.
    private static func sanitized(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(maximumNameScalars) {
            let isDigit = ("0"..."9").contains(scalar)
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            scalars.append(isLetter || (isDigit && !scalars.isEmpty) ? scalar : "_")
        }
        return scalars.isEmpty ? "_" : String(scalars)
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
