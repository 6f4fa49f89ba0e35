/// How long a text that a person writes may be, and whether it may be blank. Each front (REST, command line, log) asks the
/// same rule.
public struct TextLimit: Sendable, CustomStringConvertible {
    /// What the text is, for messages: "name".
    public let subject: String
    /// The longest, in Unicode scalars.
    public let maximum: Int
    /// Whether the text may be empty or have nothing but white space.
    public let mayBeBlank: Bool

    /// Whether the text keeps to the rule.
    public func allows(_ text: String) -> Bool {
        (mayBeBlank || !TextLimit.isBlank(text)) && text.unicodeScalars.count <= maximum
    }

    /// The rule in words: "1 to 255 characters, not all of them blank".
    public var description: String {
        mayBeBlank ? "at most \(maximum) characters" : "1 to \(maximum) characters, not all of them blank"
    }

    /// Whether a text is empty or has nothing but white space.
    public static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// The name of a service, an integration or a token.
    public static let name = TextLimit(subject: "name", maximum: 255, mayBeBlank: false)
    /// What a service is (rest-api.md section 6.5).
    public static let serviceDescription = TextLimit(subject: "description", maximum: 1024, mayBeBlank: true)
    /// The title of an incident (rest-api.md section 5.3).
    public static let title = TextLimit(subject: "title", maximum: 1024, mayBeBlank: false)
    /// The key of an incident that a person opens (rest-api.md section 5.6).
    public static let incidentKey = TextLimit(subject: "incident key", maximum: 255, mayBeBlank: false)
    /// The details of an incident that a person opens (rest-api.md section 5.6).
    public static let incidentDetails = TextLimit(subject: "details", maximum: 25_000, mayBeBlank: true)
    /// A note on an incident (rest-api.md section 5.6).
    public static let note = TextLimit(subject: "note", maximum: 25_000, mayBeBlank: false)
    /// Why a silence or an inhibition rule was made.
    public static let comment = TextLimit(subject: "comment", maximum: 1024, mayBeBlank: true)
}
