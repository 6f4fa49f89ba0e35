/// Text made safe to stand in one line.
public enum PlainText {
    /// Control characters, line separators and backslashes as escapes, so that a value can neither begin a line of its
    /// own nor drive a terminal.
    public static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: needsEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            case _ where needsEscape(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Format characters can turn the reading direction of what follows.
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: scalar == "\\"
        }
    }
}
