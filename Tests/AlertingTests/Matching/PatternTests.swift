import Testing

@testable import Alerting

struct PatternTests {
    /// A pattern, texts that match and texts that do not.
    static let cases: [(String, [String], [String])] = [
        ("", [""], ["a", "\n"]),
        ("a", ["a"], ["", "aa", "A", "ba"]),
        (".", ["a", "\n", "é", "日", "😀", "\0"], ["", "ab", "e\u{301}"]),
        (".*", ["", "a", "a\nb", "日本"], []),
        (".+", ["a", "\n"], [""]),
        ("db-.*", ["db-", "db-1", "db-\n日"], ["", "db", "xdb-1", "DB-1"]),
        (".*prod.*", ["prod", "a prod b", "xprod"], ["", "pro", "p rod"]),
        (".*foo.*|.*bar.*|.*baz.*", ["foo", "a bar", "bazaar"], ["", "fo", "ba r"]),
        ("web|api|db", ["web", "api", "db"], ["", "we", "webapi", "ap"]),
        ("web|", ["web", ""], ["w"]),
        ("|", [""], ["|"]),
        ("()", [""], ["()"]),
        ("()*", [""], ["a"]),
        ("(a|b)c", ["ac", "bc"], ["a", "c", "abc"]),
        ("a|bc|d", ["a", "bc", "d"], ["ac", "bd", "ad"]),
        ("(?:eu|us)-west-[12]", ["eu-west-1", "us-west-2"], ["eu-west-3", "eu-west-"]),
        ("(?P<region>eu)(?<number>1)", ["eu1"], ["eu"]),
        ("a*", ["", "a", "aaaa"], ["b", "ab"]),
        ("a+", ["a", "aa"], ["", "b"]),
        ("a?", ["", "a"], ["aa"]),
        ("a*?b+?c??", ["b", "aabb", "bc"], ["a", "bcc"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaaa"], ["a", ""]),
        ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
        ("a{2,3}?", ["aa", "aaa"], ["a", "aaaa"]),
        ("a{0}", [""], ["a"]),
        ("a{0,1}b", ["b", "ab"], ["aab"]),
        ("(a{0,2}){2}", ["", "a", "aa", "aaa", "aaaa"], ["aaaaa"]),
        ("(ab){2,}", ["abab", "ababab"], ["ab", "aba"]),
        ("a{1000}", [String(repeating: "a", count: 1000)], [String(repeating: "a", count: 999)]),
        ("a{,2}", ["a{,2}"], ["aa"]),
        ("a{", ["a{"], ["a"]),
        ("a{x}b}", ["a{x}b}"], ["ax"]),
        ("{", ["{"], []),
        ("]", ["]"], []),
        ("(a*)*", ["", "aaa"], ["b"]),
        ("(a*)+b", ["b", "aab"], ["a"]),
        ("(a|b*)*c", ["c", "abbac"], ["ab"]),
        ("((a?)*)*", ["", "aa"], ["b"]),
        ("[a-c]", ["a", "b", "c"], ["d", "", "-"]),
        ("[^a-c]", ["d", "\n", "日"], ["a", ""]),
        ("[abc-]", ["a", "-"], ["d"]),
        ("[-a]", ["-", "a"], ["b"]),
        ("[]a]", ["]", "a"], ["["]),
        ("[^]a]", ["[", "b"], ["]", "a"]),
        ("[a^]", ["a", "^"], ["b"]),
        ("[.*+]", [".", "*", "+"], ["a"]),
        ("[[]", ["["], ["]"]),
        ("[:x]", [":", "x"], ["y"]),
        (#"[\w-.]"#, ["a", "-", "."], ["/", " "]),
        (#"[\d\-x]"#, ["7", "-", "x"], ["y"]),
        (#"[^\d]"#, ["a"], ["1"]),
        (#"[\D]"#, ["a"], ["1"]),
        (#"[\]\\]"#, ["]", "\\"], ["["]),
        (#"[\x41-\x{43}]"#, ["A", "B", "C"], ["D", "a"]),
        ("[а-я]+", ["привет"], ["Привет", "hello"]),
        ("[😀-😂]", ["😀", "😁", "😂"], ["😃", "a"]),
        (#"\d+"#, ["0", "123"], ["", "1a", "٣"]),
        (#"\D"#, ["a", "٣"], ["1"]),
        (#"\w+"#, ["aZ_9"], ["-", "é", "a b"]),
        (#"\W"#, ["-", "é"], ["a", "_"]),
        (#"a\sb"#, ["a b", "a\tb", "a\nb", "a\rb", "a\u{C}b"], ["a\u{B}b", "a\u{A0}b"]),
        (#"\S"#, ["a", "\u{A0}"], [" "]),
        (#"\.\*\+\?\(\)\[\]\{\}\|\^\$\\\-\/\""#, [#".*+?()[]{}|^$\-/""#], ["a"]),
        (#"\a\f\n\r\t\v"#, ["\u{7}\u{C}\n\r\t\u{B}"], [""]),
        (#"\x41\x{e9}\x{1F600}"#, ["A\u{E9}😀"], ["Aé", "Ae\u{301}😀"]),
        ("^a$", ["a"], ["aa", ""]),
        ("^^a$$", ["a"], [""]),
        ("^db-.*$", ["db-", "db-1"], ["xdb-"]),
        ("^a|b$", ["a", "b"], ["ab"]),
        ("(^a)(b$)", ["ab"], ["a", "b"]),
        ("a^b", [], ["ab", "a^b", ""]),
        ("a$b", [], ["ab", "a$b"]),
        ("a*^b", ["b"], ["ab"]),
        ("a$b*", ["a"], ["ab"]),
        ("$^", [""], ["a"]),
        ("^$", [""], ["a"]),
        ("(^|a)b", ["b", "ab"], ["aab"]),
        ("(a$|ab)", ["a", "ab"], ["abb"]),
        ("^*a", ["a"], [""]),
        ("(.*$)*", ["", "ab"], []),
        ("(?i)abc", ["abc", "ABC", "aBc"], ["abd"]),
        ("(?i)[a-c]x", ["aX", "Bx"], ["dx"]),
        ("(?i)[^a]", ["b", "B"], ["a", "A"]),
        ("(?i)É", ["é", "É"], ["e", "e\u{301}"]),
        ("(?i)привет", ["ПРИВЕТ", "Привет"], ["привед"]),
        ("(?i)k", ["k", "K", "\u{212A}"], ["x"]),
        ("(?i)ǆ", ["ǅ", "Ǆ"], ["d"]),
        ("(?i)𐐀", ["𐐨", "𐐀"], ["𐐁"]),
        (#"(?i)\x41[\x42-\x43]"#, ["ab", "AC"], ["ad"]),
        (#"(?i)\W"#, ["-"], ["a", "\u{212A}"]),
        (#"(?i)disk.*full"#, ["Disk is FULL"], ["disk"]),
        ("(?s)a.b", ["a\nb"], ["ab"]),
        ("(?i)(?s)a", ["A"], ["b"]),
        ("(?is)a.", ["A\n"], ["b"]),
        ("a(?i)b", ["ab", "aB"], ["Ab"]),
        ("(?i:a)b", ["ab", "Ab"], ["aB"]),
        ("(?-s)a.b", ["axb"], ["a\nb"]),
        ("(?m)a$\nb", ["a\nb"], ["ab"]),
        ("(?U)a+", ["a", "aa"], [""]),
        // Alertmanager's users write these; see https://github.com/google/re2/wiki/Syntax.
        (#".*\bdb\b.*"#, ["db", "a db-1"], ["dba", "xdb"]),
        (#"db\B.*"#, ["dba"], ["db", "db-1"]),
        (#"\pL+"#, ["abc", "привет", "日本"], ["a1", ""]),
        (#"\p{Greek}+"#, ["αβγ"], ["abc"]),
        (#"\PL"#, ["1", "-"], ["a"]),
        (#"\p{Lu}\p{^Lu}*"#, ["Abc"], ["abc"]),
        ("[[:alpha:]]+", ["abc"], ["ab1", "é"]),
        ("[[:^digit:]]", ["a"], ["1"]),
        ("[a[:digit:]-]+", ["a1-"], ["b"]),
        (#"\Qa.b*c\E"#, ["a.b*c"], ["axbbc"]),
        (#"\Qa(b"#, ["a(b"], ["ab"]),
        (#"\Aa\z"#, ["a"], ["a\n"]),
        (#"\0"#, ["\0"], ["0"]),
        (#"\101"#, ["A"], ["101"]),
        (#"\C"#, ["a"], ["é"]),
        ("(?:a|b)+?c", ["abc"], ["c"]),
        (#"[\pL\d_]+"#, ["é9_"], ["-"]),
        (#"db\.example\.com|web\-1"#, ["db.example.com", "web-1"], ["dbxexample.com"]),
        ("é", ["\u{E9}"], ["e\u{301}"]),
        (#"[^\x{0}-\x{10FFFF}]"#, [], ["", "a", "\0"]),
        (#"\r\n"#, ["\r\n"], ["\n"]),
        (".{2}", ["\r\n", "e\u{301}"], ["\u{E9}"]),
    ]

    @Test(arguments: cases)
    func matchesAsWritten(_ text: String, _ matching: [String], _ others: [String]) throws {
        let pattern = try Pattern(text)
        for text in matching {
            #expect(pattern.matches(text))
            #expect(TextSketch(text).covers(pattern.required))
        }
        for text in others {
            #expect(!pattern.matches(text))
        }
    }

    @Test func equalityIsByBytes() throws {
        #expect(try Pattern("\u{E9}") != Pattern("e\u{301}"))
        #expect(try Set([Pattern("a"), Pattern("a"), Pattern("b")]).count == 2)
    }

    @Test(arguments: ["web|api|db", #"db\.1|db\-2"#, "a|", "a", "é|e\u{301}"])
    func listsOfTextsAreKnownAsLiterals(_ text: String) throws {
        let pattern = try Pattern(text)
        let literals = try #require(pattern.literals)
        #expect(literals.allSatisfy(pattern.matches))
        #expect(pattern.stepsPerScalar == 1)
    }

    @Test(arguments: ["db-.*", "a+", "[a-z]", "^a|b$", #"\d"#, "(a)", "a{2}", "(?i)ok"])
    func otherPatternsAreNoLiterals(_ text: String) throws {
        #expect(try Pattern(text).literals == nil)
    }

    @Test(arguments: [
        "db-.*", #"db-\d{4}"#, "a{1000}", "(a|b){14}.*", ".*[{9}]", #".*\{9}"#, ".*a{3}", "[[:alpha:]]+-.*",
        "(eu|us).*",
    ])
    func usualPatternsAreCheap(_ text: String) throws {
        #expect(try Pattern(text).stepsPerScalar == 1 || text == "a{1000}")
    }

    @Test(arguments: ["(a|b)*a(a|b){14}", ".*a.{14}", ".+a.{2,20}", "x{3,}[xy]{9,}"])
    func whatMayHaveTooManyStatesCountsForMore(_ text: String) throws {
        #expect(try Pattern(text).stepsPerScalar >= 200)
    }

    /// What a text lacks that the pattern requires rules the pattern out without trying it.
    @Test(arguments: [
        ("db-.*", "web-1"), (".*disk.*full", "disk is empty"), (".*-west-.*", "eu-east-1"),
        ("[dD]isk.*", "cpu"), (#"\bprod\b.*"#, "staging"),
    ])
    func theSketchRulesOut(_ text: String, _ other: String) throws {
        #expect(!TextSketch(other).covers(try Pattern(text).required))
    }

    /// Flags, escapes and other alphabets fold case in ways that the sketch does not know.
    @Test(arguments: ["(?i)disk", #"\x64isk.*"#, "ſtark.*", "d(?i)isk", #"\pLisk.*"#])
    func theSketchClaimsNothingThatItDoesNotKnow(_ text: String) throws {
        #expect(try Pattern(text).required.isEmpty)
    }
}
