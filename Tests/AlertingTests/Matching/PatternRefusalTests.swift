import Testing

@testable import Alerting

struct PatternRefusalTests {
    static let refused: [(String, Int?, String)] = [
        ("(", 1, "( is not closed"),
        ("a(b", 2, "( is not closed"),
        ("(a)(b(c)", 4, "( is not closed"),
        (")", 1, ") without a ("),
        ("a)b", 2, ") without a ("),
        ("(a))", 4, ") without a ("),
        ("[a", 1, "[ is not closed"),
        ("x[", 2, "[ is not closed"),
        ("[]", 1, "[ is not closed"),
        ("[^]", 1, "[ is not closed"),
        ("x[z-a]", 3, "range"),
        ("[[:alpah:]]", 2, "range"),
        ("*", 1, "nothing to repeat"),
        ("+a", 1, "nothing to repeat"),
        ("a|?", 3, "nothing to repeat"),
        ("a**", 2, "directly"),
        ("ab*+", 3, "directly"),
        ("a{1001}", 2, "at most to 1000"),
        ("a{3,2}", 2, "at most to 1000"),
        (#"ab\"#, 3, "after this backslash"),
        (#"a\e"#, 2, "no escape"),
        (#"a\é"#, 2, "no escape"),
        (#"(a)\1"#, 4, "no escape"),
        (#"\x{110000}"#, 1, "no escape"),
        (#"\p{Martian}"#, 1, "class"),
        ("a(?=b)", 2, "no group"),
        ("(?!a)", 1, "no group"),
        ("a(?<=b)", 2, "no group"),
        ("(?<!a)", 1, "no group"),
        ("(?P<a b>a)", 1, "name"),
        ("日(?<a b>a)", 2, "name"),
        ("日[", 2, "not closed"),
        ("(?<a>é)*+", 8, "directly"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ character: Int?, _ words: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try Pattern(text) }
        #expect(error?.character == character)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        let position = character.map { ", at character \($0)" } ?? ""
        #expect(error?.description.hasPrefix("In the pattern\(position): ") == true)
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
