/// How many cells of a terminal a text takes.
enum DisplayWidth {
    /// The cells of a text that has no control characters.
    static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + cells($1) }
    }

    /// The text, cut between two characters so that it takes no more cells than that; where something is cut off, `…`
    /// stands for it.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var kept = ""
        var rest = width - 1
        for character in text {
            rest -= cells(character)
            if rest < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    private static func cells(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if (0x20..<0x7F).contains(first.value) { return 1 }
        // Variation selector 16 asks for the coloured picture, which is two cells wide.
        if isWide(first) || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 1
        }
    }

    /// East Asian Wide or Fullwidth (https://www.unicode.org/reports/tr11/), in blocks rather than one by one.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            true
        // Of the flags, which are two letters in one character, the first says so.
        default: scalar.properties.isEmojiPresentation || (0x1F1E6...0x1F1FF).contains(scalar.value)
        }
    }
}
