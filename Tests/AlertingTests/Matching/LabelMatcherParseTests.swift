import Testing

@testable import Alerting

struct LabelMatcherParseTests {
    private static func matcher(
        _ label: String, _ comparison: LabelMatcher.Comparison, _ value: String
    ) -> LabelMatcher {
        LabelMatcher(label: label, comparison: comparison, value: value)
    }

    static let accepted: [(String, [LabelMatcher])] = [
        ("", []),
        (" \t\r\n", []),
        ("{}", []),
        (" { } ", []),
        ("source=db-1", [matcher("source", .equal, "db-1")]),
        (#"source="db-1""#, [matcher("source", .equal, "db-1")]),
        (#"{source="db-1"}"#, [matcher("source", .equal, "db-1")]),
        (
            #"{source="db-1", severity!="info",}"#,
            [matcher("source", .equal, "db-1"), matcher("severity", .notEqual, "info")]
        ),
        (#"a=1,b=2,"#, [matcher("a", .equal, "1"), matcher("b", .equal, "2")]),
        (#"a=1 , b=2 , "#, [matcher("a", .equal, "1"), matcher("b", .equal, "2")]),
        (" { a \n = \t 1 , b =~ \"x\" } ", [matcher("a", .equal, "1"), matcher("b", .matches, "x")]),
        (#"a=~"db-.*""#, [matcher("a", .matches, "db-.*")]),
        (#"a!~db-.*"#, [matcher("a", .doesNotMatch, "db-.*")]),
        (#"a!=b"#, [matcher("a", .notEqual, "b")]),
        (#"details.region-1_x="eu""#, [matcher("details.region-1_x", .equal, "eu")]),
        (#"_a=b"#, [matcher("_a", .equal, "b")]),
        (#"a="""#, [matcher("a", .equal, "")]),
        (#"a="#, [matcher("a", .equal, "")]),
        (#"{a=,b=}"#, [matcher("a", .equal, ""), matcher("b", .equal, "")]),
        (#"a="x, y = {z}""#, [matcher("a", .equal, "x, y = {z}")]),
        (#"a="say \"hi\" \\ there\nnow""#, [matcher("a", .equal, "say \"hi\" \\ there\nnow")]),
        (#"a=~"\d+\.\w""#, [matcher("a", .matches, #"\d+\.\w"#)]),
        (#"a=~\d+\\x"#, [matcher("a", .matches, #"\d+\x"#)]),
        (#"a="\\n""#, [matcher("a", .equal, #"\n"#)]),
        (#"a=b\"#, [matcher("a", .equal, #"b\"#)]),
        (#"a=x=y!~z"#, [matcher("a", .equal, "x=y!~z")]),
        ("a=é日本", [matcher("a", .equal, "é日本")]),
        ("a=\"line\nbreak\"", [matcher("a", .equal, "line\nbreak")]),
    ]

    @Test(arguments: accepted)
    func accepts(_ text: String, _ expected: [LabelMatcher]) throws {
        #expect(try LabelMatcher.parse(text) == expected)
    }

    static let refused: [(String, Int, String)] = [
        ("{", 2, "closing }"),
        ("}", 1, "} without a {"),
        ("a=b}", 4, "} without a {"),
        ("{a=b", 5, "closing }"),
        ("{a=b c=d}", 6, "comma"),
        ("{a=b} c", 7, "nothing may follow"),
        ("{a=b}}", 6, "nothing may follow"),
        ("a=b c=d", 5, "comma"),
        (",", 1, "label name"),
        ("a=b,,c=d", 5, "label name"),
        ("1a=b", 1, "label name"),
        (#""a"=b"#, 1, "label name"),
        ("a", 2, "=, !=, =~ or !~"),
        ("a b", 3, "=, !=, =~ or !~"),
        ("a!b", 2, "=, !=, =~ or !~"),
        ("a~b", 2, "=, !=, =~ or !~"),
        ("é=b", 1, "label name"),
        ("a==b", 3, "quoted"),
        ("a= ~b", 4, "quoted"),
        ("a=~b{2}", 5, "quoted"),
        (#"a=b"c""#, 4, "quoted"),
        (#"a="b"#, 3, "closing quote"),
        (#"a="b\""#, 3, "closing quote"),
        (#"日a="b"#, 1, "label name"),
        (#"a="b"c"#, 6, "comma"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ character: Int, _ words: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try LabelMatcher.parse(text) }
        #expect(error?.character == character)
        #expect(error?.reason.contains(words) == true)
        #expect(error?.description.hasPrefix("In the matchers, at character \(character): ") == true)
    }

    @Test func descriptionsParseBackToTheSame() throws {
        var randomness = Randomness(seed: 1)
        let parts = ["a", "\"", "\\", "\n", "n", ",", "{", "}", " ", "=", "~", "é", "e\u{301}", "日", "\0", "\r\n"]
        for _ in 0..<2_000 {
            let matchers = (0..<randomness.number(below: 4)).map { _ in
                LabelMatcher(
                    label: "l" + randomness.text(of: ["a", "Z", "9", "_", ".", "-"], upTo: 4),
                    comparison: randomness.one(of: LabelMatcher.Comparison.allCases),
                    value: randomness.text(of: parts, upTo: 6))
            }
            let list = matchers.map(\.description).joined(separator: ", ")
            #expect(try LabelMatcher.parse(list) == matchers)
            #expect(try LabelMatcher.parse("{\(list)}") == matchers)
        }
    }

    @Test func parsingAnythingEndsWithMatchersOrAnError() {
        var randomness = Randomness(seed: 2)
        let parts = ["a", "b1", "\"", "\\", "\n", ",", "{", "}", " ", "=", "~", "!", "é"]
        for _ in 0..<5_000 {
            let text = randomness.text(of: parts, upTo: 10)
            do {
                let matchers = try LabelMatcher.parse(text)
                #expect(try LabelMatcher.parse(matchers.map(\.description).joined(separator: ",")) == matchers)
            } catch {
                #expect(error.character.map { $0 <= text.unicodeScalars.count + 1 } == true)
            }
        }
    }
}
