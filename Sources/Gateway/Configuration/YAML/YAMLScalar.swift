/// A single value in YAML: text, which may stand for a number or for yes or no.
struct YAMLScalar {
    /// The text, without quotes and with escapes replaced.
    var text: String
    /// Whether it is written so that it stands for text alone: in quotes, as a block, or with the tag `!!str`.
    var isText: Bool

    /// Whether it is empty, `~` or `null`.
    var isNothing: Bool { ["", "~", "null"].contains(text) }

    /// The whole number it stands for, in decimal or, with `0x`, hexadecimal digits, which `_` may group; nil if it stands for
    /// none, or for one that is too large. Other forms of YAML (octal, binary, base 60) are refused rather than read as
    /// something that their writer may not have meant: `017`, `1:30`.
    var integer: Int? {
        guard !isText else { return nil }
        var digits = text.filter { $0 != "_" }[...]
        let sign = digits.hasPrefix("-") ? "-" : ""
        if digits.hasPrefix("-") || digits.hasPrefix("+") { digits.removeFirst() }
        let isHexadecimal = digits.hasPrefix("0x")
        if isHexadecimal { digits.removeFirst(2) }
        // A second sign would be taken, and a leading zero means octal to some readers and decimal to others.
        guard digits.first != "-", digits.first != "+", isHexadecimal || digits == "0" || !digits.hasPrefix("0") else {
            return nil
        }
        return Int(sign + digits, radix: isHexadecimal ? 16 : 10)
    }

    /// Yes or no, as it stands for it in any of the spellings of https://yaml.org/type/bool.html with two letters or
    /// more; nil where it does not.
    var boolean: Bool? {
        guard !isText else { return nil }
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
        default: return nil
        }
    }
}
