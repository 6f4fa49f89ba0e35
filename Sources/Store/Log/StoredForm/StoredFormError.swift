/// Why a stored value cannot be read. It names members, and never shows what they hold: that may be a key.
struct StoredFormError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line, without a full stop.
    var description: String

    /// A reason, for people.
    init(_ description: String) {
        self.description = description
    }

    /// A name that a stored text holds, for a message: in quotation marks, printable, at most 40 scalars of it.
    static func quoted(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(40) {
            scalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return "\"\(String(scalars))\(name.unicodeScalars.count > 40 ? "…" : "")\""
    }
}
