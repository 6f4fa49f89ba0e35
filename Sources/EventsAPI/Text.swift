/// What the specification says about texts: blankness, length and cutting.
enum Text {
    /// Whether there is nothing but characters with the Unicode property White_Space.
    static func isBlank(_ text: String) -> Bool {
        // The first byte nearly always decides: printable ASCII is no white space, and needs no table of properties.
        if let first = text.utf8.first, 0x21...0x7E ~= first { return false }
        return text.unicodeScalars.allSatisfy { scalar in scalar.properties.isWhitespace }
    }

    /// Whether there are more Unicode scalars than that.
    static func exceeds(_ text: String, _ limit: Int) -> Bool {
        text.utf8.count > limit && text.unicodeScalars.count > limit
    }

    /// The text, or as many of its first Unicode scalars.
    static func cut(_ text: String, _ limit: Int) -> String {
        guard exceeds(text, limit) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }

    /// The case whose raw value has the same bytes as the text.
    static func named<Value: RawRepresentable<String> & CaseIterable>(_ text: String?) -> Value? {
        guard let text else { return nil }
        return Value.allCases.first { value in value.rawValue.utf8.elementsEqual(text.utf8) }
    }
}
