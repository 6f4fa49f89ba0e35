extension PatternParser {
    /// What an escape stands for, whose backslash at that position was read. Outside and inside of classes.
    mutating func parseEscape(at start: Int) throws(MatcherSyntaxError) -> PatternAtom {
        guard let scalar = reader.read() else { throw reader.error("there is nothing after this backslash", at: start) }
        switch scalar {
        case "d": return .named(.digits, isInverted: false)
        case "D": return .named(.digits, isInverted: true)
        case "w": return .named(.wordCharacters, isInverted: false)
        case "W": return .named(.wordCharacters, isInverted: true)
        case "s": return .named(.whitespace, isInverted: false)
        case "S": return .named(.whitespace, isInverted: true)
        case "a": return .scalar("\u{7}")
        case "f": return .scalar("\u{C}")
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "v": return .scalar("\u{B}")
        case "x": return .scalar(try parseHexadecimal(at: start))
        default: break
        }
        if let reason = unsupported(scalar) { throw reader.error(reason, at: start) }
        return .scalar(scalar)
    }

    /// Why a scalar may not follow a backslash; nil if it is punctuation, and stands for itself.
    private func unsupported(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "b", "B": "word boundaries (\\b, \\B) are not supported"
        case "p", "P": "Unicode classes (\\p, \\P) are not supported"
        case "A", "z", "Z": "\\A and \\z are not supported, nor needed: the whole text has to match"
        case "Q", "E": "literal text between \\Q and \\E is not supported"
        case "1"..."9", "k": "backreferences are not supported"
        case "0": "octal escapes are not supported"
        case "a"..."z", "A"..."Z": "there is no escape \\\(scalar)"
        case _ where scalar.isASCII: nil
        default: "only ASCII punctuation may be escaped"
        }
    }

    /// Reads the digits of `\x41` or `\x{1F600}`.
    private mutating func parseHexadecimal(at start: Int) throws(MatcherSyntaxError) -> Unicode.Scalar {
        let hasBraces = reader.take("{")
        var count = 0
        let digits = reader.readWhile { scalar in
            count += 1
            return scalar.properties.isASCIIHexDigit && (hasBraces || count <= 2)
        }
        let isComplete = hasBraces ? !digits.isEmpty && reader.take("}") : digits.utf8.count == 2
        guard isComplete, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw reader.error("\\x takes two hexadecimal digits, or those of a Unicode scalar in { }", at: start)
        }
        return scalar
    }
}
