/// What the name of a label may be: `[a-zA-Z_][a-zA-Z0-9_.-]*`.
enum LabelName {
    /// The rule in words, for errors.
    static let rule = "a label name is a letter or _, followed by letters, digits, _, . or -"

    /// Whether a name may start with that scalar.
    static func canStart(with scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_": true
        default: false
        }
    }

    /// Whether a name may go on with that scalar.
    static func canContain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", ".", "-": true
        default: canStart(with: scalar)
        }
    }

    /// Whether the whole text is a name, of any length.
    static func isValid(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return canStart(with: first) && text.unicodeScalars.allSatisfy(canContain)
    }
}
