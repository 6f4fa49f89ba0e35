import Alerting

/// What is left to read of a line. Whitespace before each part is passed over; in double quotes, `\` takes the meaning of
/// the next character away.
struct TimelineText {
    private var rest: Substring

    init(_ text: some StringProtocol) {
        rest = Substring(text)
        skipWhitespace()
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { rest.isEmpty }

    /// All that is left.
    var remainder: String { String(rest) }

    /// Reads these words, if they come next as whole ones.
    mutating func take(_ words: String) -> Bool {
        guard rest.hasPrefix(words) else { return false }
        let after = rest.dropFirst(words.count)
        guard after.first?.isWhitespace != false else { return false }
        rest = after
        skipWhitespace()
        return true
    }

    /// Reads a word, up to whitespace outside quotes.
    mutating func word(_ meaning: String) throws -> String {
        let word = rest[..<(firstIndex(outsideQuotes: \.isWhitespace) ?? rest.endIndex)]
        guard !word.isEmpty else { throw TimelineSyntaxError("\(meaning) is missing") }
        rest = rest[word.endIndex...]
        skipWhitespace()
        return String(word)
    }

    /// Reads all that is left.
    mutating func takeRemainder() -> String {
        defer { rest = "" }
        return String(rest)
    }

    /// Reads all that comes before a word that is not in quotes, and the word itself; nil, and nothing read, where it does
    /// not come.
    mutating func take(upTo word: String) -> TimelineText? {
        var reader = self
        while !reader.isAtEnd {
            let before = rest[..<reader.rest.startIndex]
            if reader.take(word) {
                rest = reader.rest
                return TimelineText(before)
            }
            guard (try? reader.word("")) != nil else { return nil }
        }
        return nil
    }

    /// Reads a length of time, such as `90 s` or `1 h 30 min`; gives it in seconds.
    mutating func duration() throws -> Int64 {
        let units: KeyValuePairs<String, Int64> = ["s": 1, "min": 60, "h": 3600, "d": 86_400]
        var seconds: Int64?
        while let digit = rest.first, digit.isASCII, digit.isNumber {
            let text = try word("a number")
            guard let number = Int64(text), let unit = units.first(where: { take($0.key) }) else {
                throw TimelineSyntaxError("a time is a number and then s, min, h or d, not \(text) \(rest)")
            }
            seconds = (seconds ?? 0) + number * unit.value
        }
        guard let seconds else { throw TimelineSyntaxError("a time is missing, such as 60 s") }
        return seconds
    }

    /// Reads all that is left as a list, with commas between its parts.
    mutating func list(of meaning: String) throws -> [String] {
        try parts(takeRemainder(), separator: ",", of: meaning)
    }

    /// Reads all that is left as a list of sets, `disk + load, memory`.
    mutating func sets(of meaning: String) throws -> [[String]] {
        try takeRemainder().split(separator: ",", omittingEmptySubsequences: false).map {
            try parts(String($0), separator: "+", of: meaning)
        }
    }

    /// Reads all that is left as matchers.
    mutating func matchers() throws -> [LabelMatcher] {
        let matchers: [LabelMatcher]
        do throws(MatcherSyntaxError) {
            matchers = try LabelMatcher.parse(takeRemainder())
        } catch {
            throw TimelineSyntaxError("\(error)")
        }
        guard !matchers.isEmpty else { throw TimelineSyntaxError("a matcher is missing") }
        return matchers
    }

    private func parts(_ text: String, separator: Character, of meaning: String) throws -> [String] {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { part in
            TimelineText(part).rest.split(whereSeparator: \.isWhitespace)
        }
        guard parts.allSatisfy({ $0.count == 1 }) else {
            throw TimelineSyntaxError("\(meaning) are expected with \(separator) between them, not: \(text)")
        }
        return parts.map { $0.joined() }
    }

    private func firstIndex(outsideQuotes isWanted: (Character) -> Bool) -> Substring.Index? {
        var isQuoted = false
        var isEscaped = false
        return rest.indices.first { index in
            let character = rest[index]
            defer { isEscaped = isQuoted && character == "\\" && !isEscaped }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return !isQuoted && isWanted(character)
        }
    }

    private mutating func skipWhitespace() {
        rest = rest.drop(while: \.isWhitespace)
    }
}
