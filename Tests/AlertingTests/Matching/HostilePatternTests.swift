import Testing

@testable import Alerting

struct HostilePatternTests {
    static let backtrackers = [
        "(a*)*b", "(a|a)*b", "(a+)+b", "(a*)*", "(a|aa)+b", "(a?){100}a{100}b", "(.*a){20}b", "(.*)(.*)(.*)(.*)b",
        "((a*)*)*b", "(a{0,15}){30}b", "(a|b)*a(a|b){14}", "((a?b?)*c?)*db", "(|a|aa)*b", "(^a*|a*$)*b",
    ]

    /// An engine that backtracks would not end within the age of the universe.
    @Test(arguments: backtrackers)
    func backtrackersEnd(_ text: String) throws {
        let subject = String(repeating: "a", count: 20_000)
        #expect(try Pattern(text).matches(subject) == !text.hasSuffix("b"))
    }

    /// The cache of states is bounded; what does not fit is matched by simulation, with the same answer.
    @Test func whatHasTooManyStatesMatchesAsWell() throws {
        let pattern = try Pattern("(a|b)*a(a|b){14}")
        var generator = SeededLetters(seed: 5)
        for _ in 0..<50 {
            let letters = generator.letters(3000)
            #expect(pattern.matches(String(letters)) == (letters[letters.count - 15] == "a"))
        }
    }

    static let tooLarge = [
        "(a{1000}){1000}", "((a{1000}){1000}){1000}", "((a?){1000}){1000}", "(.*){1000}",
        "(((((a|){100}){100}){100}){100}){100}", #"\pL{500}"#, #"(\p{Lu}\p{Ll}){100}"#,
    ]

    @Test(arguments: tooLarge)
    func whatUnrollsToTooMuchIsRefused(_ text: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try Pattern(text) }
        let reason = error?.reason ?? ""
        #expect(reason.contains("128 KiB") || reason.contains("at most to 1000"), "\(reason)")
    }

    @Test func theDepthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try Pattern(nested(500)).matches("a"))
        #expect(throws: MatcherSyntaxError.self) { try Pattern(String(repeating: "(", count: 1024)) }
        #expect(throws: MatcherSyntaxError.self) { try Pattern(String(repeating: "(?:", count: 341)) }
        let repeated = String(repeating: "(", count: 100) + "a" + String(repeating: ")*", count: 100)
        #expect(try Pattern(repeated).matches("aaa"))
    }

    static let large = [
        String(repeating: "a|", count: 511) + "a", String(repeating: "[^a]", count: 256),
        String(repeating: "a?", count: 512), String(repeating: "a*", count: 512),
        String(repeating: "(|)", count: 341), String(repeating: "[ab]", count: 256),
        "(?i)" + String(repeating: "k", count: 1020),
        (0..<340).map { String(UnicodeScalar(0x4E00 + $0) ?? "a") }.joined(),
        ".*" + String(repeating: "a.*", count: 100),
    ]

    /// A pattern is taken or refused with a reason; taken, what it costs counts.
    @Test(arguments: large)
    func largePatternsCountForWhatTheyCost(_ text: String) throws {
        #expect(text.utf8.count <= Pattern.maximumLength)
        do {
            let pattern = try Pattern(text)
            #expect(pattern.stepsPerScalar == 1 || pattern.stepsPerScalar > 128)
            _ = pattern.matches(String(repeating: "ab", count: 300))
        } catch {
            #expect(error.reason.contains("128 KiB"))
        }
    }

    @Test func manyPatternsOfManyThreadsGiveTheSame() async throws {
        let patterns = try (0..<200).map { try Pattern("(host|node)-\\d+-\($0)(\\.example)?.*") }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let text = "node-7-\(number).example.org"
                    return patterns.indices.filter { patterns[$0].matches(text) }
                        == patterns.indices.filter { "\(number)".hasPrefix("\($0)") }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

/// Random texts of a and b.
private struct SeededLetters {
    private var randomness: Randomness

    init(seed: UInt64) { randomness = Randomness(seed: seed) }

    mutating func letters(_ count: Int) -> [Character] {
        (0..<count).map { _ in randomness.number(below: 2) == 0 ? "a" : "b" }
    }
}
