import Testing

@testable import Alerting

struct HostilePatternTests {
    /// What a simulation may cost: in proportion to the text and to the size of the pattern, and to nothing else.
    private func expectLinear(_ text: String, on subject: String, sourceLocation: SourceLocation = #_sourceLocation) {
        do {
            let program = try PatternCompiler.program(of: try PatternParser.parse(text))
            var steps = 0
            _ = PatternSimulation(program).matches(subject, steps: &steps)
            let bound = 4 * program.instructions.count * (subject.unicodeScalars.count + 1)
            #expect(steps <= bound, "\(text)", sourceLocation: sourceLocation)
            #expect(program.instructions.count <= Pattern.maximumSize, sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }

    static let backtrackers = [
        "(a*)*b", "(a|a)*b", "(a+)+b", "(a*)*", "(a|aa)+b", "(a?){100}a{100}b", "(.*a){20}b", "(.*)(.*)(.*)(.*)b",
        "((a*)*)*b", "(a{0,15}){30}b", "(a|b)*a(a|b){14}", "((a?b?)*c?)*db", "(|a|aa)*b", "(^a*|a*$)*b",
    ]

    @Test(arguments: backtrackers)
    func backtrackersTakeLinearTime(_ text: String) throws {
        let subject = String(repeating: "a", count: 2_000)
        expectLinear(text, on: subject)
        #expect(try Pattern(text).matches(subject) == !text.hasSuffix("b"))
    }

    @Test func whatHasTooManyStatesIsSimulated() throws {
        let pattern = try Pattern("(a|b)*a(a|b){14}")
        #expect(pattern.stepsPerScalar > 1)
        #expect(pattern.stepsPerScalar <= Pattern.maximumSize)
        #expect(pattern.matches("ba" + String(repeating: "b", count: 14)))
        #expect(!pattern.matches("bb" + String(repeating: "b", count: 14)))
    }

    static let tooLarge = [
        "(a{1000}){1000}", "((a{1000}){1000}){1000}", "((a?){1000}){1000}", "(a{1000}b{1000})", "(.*){1000}",
        "(((((a|){100}){100}){100}){100}){100}", "((^){1000}){1000}",
    ]

    @Test(arguments: tooLarge)
    func whatUnrollsToTooMuchIsRefused(_ text: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try Pattern(text) }
        #expect(error?.reason.contains("more than 1100 parts") == true)
    }

    @Test func nothingRepeatedOftenIsNothing() throws {
        #expect(try Pattern("(((((){1000}){1000}){1000}){1000}){1000}").matches(""))
        #expect(try Pattern("((((a{0}){1000}){1000}){1000}){1000}b").matches("b"))
    }

    @Test func theDepthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try Pattern(nested(PatternParser.maximumDepth)).matches("a"))
        let error = #expect(throws: MatcherSyntaxError.self) { try Pattern(nested(PatternParser.maximumDepth + 1)) }
        #expect(error?.reason.contains("deep") == true)
        #expect(throws: MatcherSyntaxError.self) { try Pattern(String(repeating: "(", count: 1024)) }
        #expect(throws: MatcherSyntaxError.self) { try Pattern(String(repeating: "(?:", count: 341)) }
        let repeated = String(repeating: "(", count: 100) + "a" + String(repeating: ")*", count: 100)
        #expect(try Pattern(repeated).matches("aaa"))
        expectLinear(repeated, on: "aaab")
    }

    static let large = [
        String(repeating: "a|", count: 511) + "a", String(repeating: "[^a]", count: 256),
        String(repeating: "a?", count: 512), String(repeating: "a*", count: 512),
        "(?i)" + String(repeating: "[^k]", count: 255), String(repeating: "(|)", count: 341),
        String(repeating: "[ab]", count: 256), "(?i)" + String(repeating: "k", count: 1020),
        "(?i)" + String(repeating: "[\\x{0}-\\x{10FFFF}]", count: 53),
        (0..<340).map { String(UnicodeScalar(0x4E00 + $0) ?? "a") }.joined(),
        (0..<254).map { "[^" + String(UnicodeScalar(0xE9 + $0) ?? "a") + "]" }.joined().prefix(500).description,
        ".*" + String(repeating: "a.*", count: 340),
    ]

    @Test(arguments: large)
    func noPatternWithoutCountsIsTooLarge(_ text: String) throws {
        #expect(text.utf8.count <= Pattern.maximumLength)
        _ = try Pattern(text)
        expectLinear(text, on: String(repeating: "ab", count: 300))
    }

    @Test func tablesAreBounded() throws {
        var built = 0
        for text in Self.backtrackers + Self.large {
            let program = try PatternCompiler.program(of: try PatternParser.parse(text))
            guard let automaton = PatternDeterminisation.automaton(of: program) else { continue }
            built += 1
            #expect(automaton.entryCount <= PatternDeterminisation.maximumEntries)
        }
        #expect(built > 5)
    }
}
