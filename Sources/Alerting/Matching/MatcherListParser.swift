extension LabelMatcher {
    /// Reads a list of matchers as Alertmanager's users write it: `{source="db-1", severity!="info",}`.
    ///
    /// The braces, the last comma and whitespace between the parts are optional. A value is quoted, or bare as `amtool`
    /// takes it (`source=db-1`): a bare one holds no whitespace, comma, brace or quote, does not start with `=` or `~`,
    /// and may be empty. In both, `\"`, `\\` and `\n` are escapes, and any other backslash stands for itself, so that
    /// `source=~"db-\d+"` says what it seems to. Neither the number of matchers nor the length of their texts is
    /// limited here, and patterns are not looked into: `MatcherSet` does both. The work is linear in the text.
    ///
    /// - Returns: The matchers in their order; none for an empty text or `{}`.
    /// - Throws: `MatcherSyntaxError` for a text that is not such a list.
    public static func parse(_ text: String) throws(MatcherSyntaxError) -> [LabelMatcher] {
        var parser = MatcherListParser(text)
        return try parser.parse()
    }
}

/// The work of `LabelMatcher.parse`.
private struct MatcherListParser {
    private var reader: ScalarReader

    init(_ text: String) {
        reader = ScalarReader(text, place: "the matchers")
    }

    mutating func parse() throws(MatcherSyntaxError) -> [LabelMatcher] {
        var matchers: [LabelMatcher] = []
        skipWhitespace()
        let hasBrace = reader.take("{")
        skipWhitespace()
        while let next = reader.next, next != "}" {
            matchers.append(try matcher())
            skipWhitespace()
            guard reader.take(",") else { break }
            skipWhitespace()
        }
        if hasBrace, !reader.take("}") {
            throw reader.error(reader.isAtEnd ? "the closing } is missing" : "a comma or the closing } is missing")
        }
        skipWhitespace()
        guard reader.isAtEnd else { throw reader.error(hasBrace ? "nothing may follow the closing }" : leftOver) }
        return matchers
    }

    /// What is wrong where a list without braces goes on although it should have ended.
    private var leftOver: String {
        reader.next == "}" ? "there is a } without a {" : "a comma is missing, or quotes around a value with whitespace"
    }

    private mutating func matcher() throws(MatcherSyntaxError) -> LabelMatcher {
        guard let first = reader.next, LabelName.canStart(with: first) else { throw reader.error(LabelName.rule) }
        let label = reader.readWhile(LabelName.canContain)
        skipWhitespace()
        let comparison = try comparison()
        skipWhitespace()
        let value = reader.take("\"") ? try quotedValue() : try bareValue()
        return LabelMatcher(label: label, comparison: comparison, value: value)
    }

    private mutating func comparison() throws(MatcherSyntaxError) -> LabelMatcher.Comparison {
        if reader.take("=~") { return .matches }
        if reader.take("!~") { return .doesNotMatch }
        if reader.take("!=") { return .notEqual }
        if reader.take("=") { return .equal }
        throw reader.error("one of =, !=, =~ or !~ has to follow the label name")
    }

    private mutating func quotedValue() throws(MatcherSyntaxError) -> String {
        let opening = reader.position - 1
        var value = String.UnicodeScalarView()
        while let scalar = reader.read() {
            if scalar == "\"" { return String(value) }
            append(scalar, to: &value)
        }
        throw reader.error("the closing quote is missing of the value that starts here", at: opening)
    }

    private mutating func bareValue() throws(MatcherSyntaxError) -> String {
        if let first = reader.next, first == "=" || first == "~" {
            throw reader.error("a value that starts with \(first) has to be quoted")
        }
        var value = String.UnicodeScalarView()
        while let scalar = reader.next, scalar != ",", scalar != "}", !isWhitespace(scalar) {
            if scalar == "\"" || scalar == "{" { throw reader.error("a value with \(scalar) in it has to be quoted") }
            _ = reader.read()
            append(scalar, to: &value)
        }
        return String(value)
    }

    /// Appends a scalar just read, or what the escape means that it begins.
    private mutating func append(_ scalar: Unicode.Scalar, to value: inout String.UnicodeScalarView) {
        if scalar == "\\" {
            if reader.take("\\") { return value.append("\\") }
            if reader.take("\"") { return value.append("\"") }
            if reader.take("n") { return value.append("\n") }
        }
        value.append(scalar)
    }

    private mutating func skipWhitespace() {
        while let scalar = reader.next, isWhitespace(scalar) { _ = reader.read() }
    }

    private func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }
}
