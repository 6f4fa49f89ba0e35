/// A single value in YAML: text, which may stand for a number or for yes or no.
struct YAMLScalar {
    /// The text, without quotes and with escapes replaced.
    var text: String
    /// Whether it is written so that it stands for text alone: in quotes, as a block, or with the tag `!!str`.
    var isText: Bool

    /// Whether it is empty, `~` or `null`.
    var isNothing: Bool { ["", "~", "null"].contains(text) }

    /// The whole number it stands for; nil where it stands for none, or for one that is too large. Forms:
    /// https://yaml.org/type/int.html, and `0o17` of YAML 1.2 section 10.3.2.
    var integer: Int? {
        guard !isText else { return nil }
        var digits = text.filter { $0 != "_" }[...]
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8), ("0", 8)]
        where digits.hasPrefix(prefix) && digits != "0" {
            return YAMLScalar.integer(digits.dropFirst(prefix.utf8.count), isNegative: isNegative, radix: radix)
        }
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return YAMLScalar.integer(digits, isNegative: isNegative, radix: 10) }
        return YAMLScalar.inBase60(parts).map { isNegative ? -$0 : $0 }
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

    private static func integer(_ digits: Substring, isNegative: Bool, radix: Int) -> Int? {
        // A second sign would be taken.
        guard digits.first != "-", digits.first != "+" else { return nil }
        return Int((isNegative ? "-" : "") + digits, radix: radix)
    }

    /// `1:30` is 90.
    private static func inBase60(_ parts: [Substring]) -> Int? {
        guard var number = integer(parts[0], isNegative: false, radix: 10) else { return nil }
        for part in parts.dropFirst() {
            guard let digits = integer(part, isNegative: false, radix: 10), digits < 60, number < Int.max / 60 else {
                return nil
            }
            number = number * 60 + digits
        }
        return number
    }
}
