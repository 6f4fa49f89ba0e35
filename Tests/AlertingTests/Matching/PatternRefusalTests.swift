import Testing

@testable import Alerting

struct PatternRefusalTests {
    static let refused: [(String, Int, String)] = [
        ("(", 1, "not closed"),
        ("a(b", 2, "not closed"),
        (")", 1, ") without a ("),
        ("a)b", 2, ") without a ("),
        ("(a))", 4, ") without a ("),
        ("[a", 1, "not closed"),
        ("x[", 2, "not closed"),
        ("[]", 1, "not closed"),
        ("[^]", 1, "not closed"),
        ("[a-", 1, "not closed"),
        ("[z-a]", 2, "range"),
        (#"[a-\d]"#, 2, "range"),
        ("[[:alpha:]]", 2, "[:alpha:]"),
        ("[a[:digit:]]", 3, "[:alpha:]"),
        ("*", 1, "nothing to repeat"),
        ("+a", 1, "nothing to repeat"),
        ("a|?", 3, "nothing to repeat"),
        ("({2})", 2, "nothing to repeat"),
        ("(?i)*", 5, "nothing to repeat"),
        ("a**", 3, "directly"),
        ("a*+", 3, "directly"),
        ("a???", 4, "directly"),
        ("a{2}{3}", 5, "directly"),
        ("a{1000}{1000}", 8, "directly"),
        ("a{1001}", 2, "at most 1000"),
        ("a{1,1001}", 2, "at most 1000"),
        ("a{99999999999999999999}", 2, "at most 1000"),
        ("a{3,2}", 2, "less than its least"),
        (#"a\"#, 2, "after this backslash"),
        (#"\bword"#, 1, "word boundaries"),
        (#"\pL"#, 1, "Unicode classes"),
        (#"\P{Greek}"#, 1, "Unicode classes"),
        (#"(a)\1"#, 4, "backreferences"),
        (#"\k<a>"#, 1, "backreferences"),
        (#"\0"#, 1, "octal"),
        (#"\Aa\z"#, 1, "whole text"),
        (#"\Qa\E"#, 1, "literal text"),
        (#"\e"#, 1, "no escape"),
        (#"\é"#, 1, "ASCII"),
        (#"[\b]"#, 2, "word boundaries"),
        (#"\x4"#, 1, "hexadecimal"),
        (#"\x{}"#, 1, "hexadecimal"),
        (#"\x{110000}"#, 1, "hexadecimal"),
        (#"\x{D800}"#, 1, "hexadecimal"),
        (#"\x{41"#, 1, "hexadecimal"),
        ("(?=a)", 1, "lookahead"),
        ("(?!a)", 1, "lookahead"),
        ("(?<=a)", 1, "lookbehind"),
        ("(?<!a)", 1, "lookbehind"),
        ("(?P<>a)", 1, "name"),
        ("(?P<a b>a)", 1, "name"),
        ("(?P=a)", 1, "flags"),
        ("a(?i)b", 2, "flags"),
        ("(?m)a", 1, "flags"),
        ("(?i:a)", 1, "flags"),
        ("(?-s)a", 1, "flags"),
        ("(?>a)", 1, "flags"),
        ("(?", 1, "flags"),
        ("日(", 2, "not closed"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ character: Int, _ words: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try Pattern(text) }
        #expect(error?.character == character)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        #expect(error?.description.hasPrefix("In the pattern, at character \(character): ") == true)
    }

    @Test func theLengthIsBounded() throws {
        _ = try Pattern(String(repeating: "a", count: Pattern.maximumLength))
        _ = try Pattern(String(repeating: "é", count: Pattern.maximumLength / 2))
        let error = #expect(throws: MatcherSyntaxError.self) {
            try Pattern(String(repeating: "é", count: Pattern.maximumLength / 2) + "a")
        }
        #expect(error?.description == "In the pattern: it is longer than 1024 bytes.")
    }

    @Test func anythingEndsWithAPatternOrAnError() {
        var randomness = Randomness(seed: 3)
        let parts = [
            "a", "b", "(", ")", "(?", ":", "[", "]", "-", "^", "$", "|", "*", "+", "?", "{", "}", ",", "2", "\\", "d",
            "x",
            "P<", ">", ".", "é", "i",
        ]
        for _ in 0..<20_000 {
            let text = randomness.text(of: parts, upTo: 12)
            do {
                _ = try Pattern(text).matches("aab")
            } catch {
                #expect(error.place == "the pattern")
            }
        }
    }
}
