import CRE2

/// A regular expression that the whole of a text has to match, compiled by RE2, the engine behind Alertmanager's syntax.
///
/// The syntax is RE2's (https://github.com/google/re2/wiki/Syntax), and groups may also be named `(?<name>…)`. `.` matches
/// newlines too, as in Prometheus since version 3; Alertmanager's `.` does not.
///
/// A match takes time in proportion to the text: no pattern backtracks. Text compares by Unicode scalars, so that
/// canonically equivalent texts differ.
public struct Pattern: Sendable {
    /// How many UTF-8 bytes a pattern may have.
    public static let maximumLength = 1024
    /// How many bytes the program of a pattern and its cached states may take. Enough for `{1000}` of one character;
    /// patterns that need more are refused.
    static let maximumMemory: Int64 = 128 << 10
    /// Up to this many instructions a pattern counts as one step: with its states cached, a character takes some 2 ns.
    private static let cheapSize = 128
    /// What a pattern counts for whose states do not fit: simulated, a character takes 0.4 to 1 microseconds.
    private static let simulationSteps = 200

    /// The pattern as it was written.
    public let text: String

    /// What every text has that matches.
    let required: TextSketch

    /// The texts it matches, ascending by their bytes, if it is a list of plain texts such as `web|db\.1`.
    let literals: [String]?

    private let program: Program

    /// Compiles a pattern.
    ///
    /// Throws `MatcherSyntaxError`, with the place, if the text is longer than `maximumLength`, is no pattern, or needs more
    /// than `maximumMemory`.
    public init(_ text: String) throws(MatcherSyntaxError) {
        guard text.utf8.count <= Self.maximumLength else {
            let reason = "it is longer than \(Self.maximumLength) bytes"
            throw MatcherSyntaxError(place: PatternSyntax.place, reason: reason)
        }
        self.text = text
        let syntax = PatternSyntax(text)
        program = try Program(syntax)
        literals = syntax.literals
        if literals != nil {
            stepsPerScalar = 1
        } else if syntax.hasCountBehindLoop {
            stepsPerScalar = max(program.size, Self.simulationSteps)
        } else {
            stepsPerScalar = program.size <= Self.cheapSize ? 1 : program.size
        }
        required = syntax.allowsSketch ? TextSketch(requiredBy: syntax.translated) : TextSketch()
    }

    /// Whether the whole text matches.
    public func matches(_ text: String) -> Bool {
        guard let literals else { return program.matches(text) }
        return Self.contains(text, in: literals)
    }

    /// About how many steps of a few nanoseconds a character of a text can cost at most: 1 for nearly all patterns, and more
    /// for large ones and for those that have too many states. What loads many patterns bounds the sum.
    public let stepsPerScalar: Int

    private static func contains(_ text: String, in literals: [String]) -> Bool {
        var low = 0
        var high = literals.count
        while low < high {
            let middle = (low + high) / 2
            let order = text.bytesCompared(with: literals[middle])
            if order == 0 { return true }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return false
    }

    /// A compiled pattern of RE2.
    ///
    /// Unchecked: RE2 objects are immutable for their users and guard their cache of states with a lock of their own.
    private final class Program: @unchecked Sendable {
        private let pattern: OpaquePointer
        /// The number of its instructions.
        let size: Int

        init(_ syntax: PatternSyntax) throws(MatcherSyntaxError) {
            var translated = syntax.translated
            var error = cre2_error_other
            var offset = Int.max
            let compiled = translated.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    cre2_compile(characters.baseAddress, characters.count, Pattern.maximumMemory, &error, &offset)
                }
            }
            guard let compiled else {
                throw syntax.refusal(error, at: (0...translated.utf8.count).contains(offset) ? offset : nil)
            }
            pattern = compiled
            size = cre2_size(compiled)
        }

        deinit { cre2_release(pattern) }

        func matches(_ text: String) -> Bool {
            text.utf8Span.span.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    cre2_matches_all(pattern, characters.baseAddress, characters.count)
                }
            }
        }
    }
}

extension Pattern: Hashable {
    /// Whether both are written the same, byte by byte.
    public static func == (left: Pattern, right: Pattern) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// Feeds the bytes of the text to the hasher, in keeping with `==`.
    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

extension TextSketch {
    /// What every text has that the pattern matches, as far as RE2's prefilter finds it.
    fileprivate init(requiredBy pattern: String) {
        self.init()
        var pattern = pattern
        var sketch = TextSketch()
        withUnsafeMutablePointer(to: &sketch) { sketch in
            pattern.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    cre2_each_required(characters.baseAddress, characters.count, Pattern.maximumMemory, 2, sketch) {
                        context, atom, length in
                        guard let atom, let sketch = context?.assumingMemoryBound(to: TextSketch.self) else { return }
                        let bytes = UnsafeBufferPointer(start: atom, count: length).map { UInt8(bitPattern: $0) }
                        for (first, second) in zip(bytes, bytes.dropFirst()) {
                            sketch.pointee.insert(TextSketch.lowercased(first), TextSketch.lowercased(second))
                        }
                    }
                }
            }
        }
        self = sketch
    }
}
