/// A regular expression that the whole of a text has to match, in the commonly used part of RE2's syntax.
///
/// - Scalars stand for themselves, `.` for any one, newline included (as in Prometheus since version 3; Alertmanager's
///   `.` leaves newline out).
/// - Classes: `[a-z_]`, `[^0-9]`; `\d`, `\w`, `\s` and their opposites `\D`, `\W`, `\S`, all of ASCII, also in classes.
/// - Escapes: `\` before ASCII punctuation, `\a`, `\f`, `\n`, `\r`, `\t`, `\v`, `\x41`, `\x{1F600}`.
/// - Groups, which all only group: `( )`, `(?: )`, `(?P<name> )`, `(?<name> )`.
/// - Alternatives: `|`. Repetitions: `*`, `+`, `?`, `{m}`, `{m,}`, `{m,n}` up to 1,000, each also lazy with a `?`
///   behind, which makes no difference to what matches.
/// - `^` and `$` match nothing, at the start and the end of the text.
/// - At the very start, `(?i)` ignores case and `(?s)` is accepted.
///
/// Everything else that RE2 or other engines know is refused with an error that names it: backreferences, lookaround,
/// word boundaries, Unicode and POSIX classes, other flags.
///
/// A match takes time in proportion to the text, with a factor of `stepsPerScalar`: no pattern can do worse.
/// Text compares by Unicode scalars, so that canonically equivalent texts differ.
public struct Pattern: Sendable {
    /// How many UTF-8 bytes a pattern may have.
    public static let maximumLength = 1024
    /// How many instructions a pattern may have after its repetitions are unrolled.
    ///
    /// A pattern without counted repetitions never has more than its bytes and one, so this only ever refuses those
    /// with great counts, and `{1000}` of one scalar still fits. It bounds what one scalar of a text can cost.
    public static let maximumSize = 1_100

    /// The pattern as it was written.
    public let text: String

    /// What every text has that matches.
    let required: TextSketch

    private let method: PatternMethod

    /// Compiles a pattern, in bounded time for any text.
    ///
    /// Throws `MatcherSyntaxError` if the text is longer than `maximumLength`, is no pattern or one that is not
    /// supported, has groups more than 100 deep, or more than `maximumSize` instructions.
    public init(_ text: String) throws(MatcherSyntaxError) {
        guard text.utf8.count <= Self.maximumLength else {
            let reason = "it is longer than \(Self.maximumLength) bytes"
            throw MatcherSyntaxError(place: PatternParser.place, reason: reason)
        }
        self.text = text
        let node = try PatternParser.parse(text)
        required = TextSketch(requiredBy: node)
        method = try PatternMethod(of: node)
    }

    /// Whether the whole text matches.
    public func matches(_ text: String) -> Bool { method.matches(text) }

    /// About how many steps of a few nanoseconds a scalar of a text can cost at most: 1 for nearly all patterns, and
    /// more for the few whose table of states would be too large. What loads many patterns can bound the sum.
    public var stepsPerScalar: Int {
        if case .simulation(let simulation) = method { simulation.program.instructions.count } else { 1 }
    }

    /// The texts it matches, if they are few.
    var literals: [String]? {
        if case .oneOf(let literals) = method { literals } else { nil }
    }
}

extension Pattern: Hashable {
    /// Whether both are written the same, byte by byte.
    public static func == (left: Pattern, right: Pattern) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// Feeds the bytes of the text to the hasher, in keeping with `==`.
    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
