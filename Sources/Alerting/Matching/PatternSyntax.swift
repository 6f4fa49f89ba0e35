import CRE2

/// What our own code needs to know of how a pattern is written, beside what RE2 knows: the places of errors, lists of plain
/// texts, and one spelling that older versions of RE2 do not know.
struct PatternSyntax {
    /// What errors of a pattern are about.
    static let place = "the pattern"

    /// The pattern as RE2 reads it: `(?<name>` is written `(?P<name>`, which every version of RE2 knows.
    let translated: String
    /// The texts that the pattern lists, ascending by their bytes, each once; nil if it is more than a list.
    let literals: [String]?
    /// Whether what RE2's prefilter requires can be looked for byte by byte without regard to ASCII case. Flags, escapes
    /// of code points and non-ASCII characters can fold to other characters of the same letter.
    let allowsSketch: Bool

    /// Whether a repetition with a count of `longCount` or more follows an unbounded one, as in `.*a.{14}`: the states of such
    /// a pattern can be too many for RE2's cache, which then simulates it.
    let hasCountBehindLoop: Bool

    /// Shorter counts give few states: at most about two to the power of the count.
    private static let longCount = 8

    private let text: String
    /// The bytes of the translation at which a `P` was inserted.
    private let insertions: [Int]
    /// The byte of the first `(` without its `)`, and of the first `)` without its `(`.
    private let unclosed: Int?
    private let unopened: Int?

    init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        var scan = Scan()
        scan.read(bytes)
        translated = String(decoding: scan.translated, as: UTF8.self)
        insertions = scan.insertions
        unclosed = scan.open.last
        unopened = scan.unopened
        hasCountBehindLoop = scan.hasCountBehindLoop
        allowsSketch = scan.isPlain && bytes.allSatisfy { $0 < 0x80 }
        literals = Self.literals(bytes)
    }

    /// Why RE2 refuses it, for the person who wrote it. `offset` is a byte of the translation.
    func refusal(_ error: cre2_error, at offset: Int?) -> MatcherSyntaxError {
        var byte = offset.map { offset in offset - insertions.count { $0 < offset } }
        let reason: String
        switch error {
        case cre2_error_bad_escape: reason = "there is no escape like this"
        case cre2_error_bad_character_class: reason = "there is no character class like this"
        case cre2_error_bad_character_range: reason = "there is no character range or class like this"
        case cre2_error_missing_bracket: reason = "this [ is not closed"
        case cre2_error_missing_parenthesis:
            reason = "this ( is not closed"
            byte = unclosed
        case cre2_error_unexpected_parenthesis:
            reason = "there is a ) without a ("
            byte = unopened
        case cre2_error_trailing_backslash:
            reason = "nothing follows after this backslash"
            byte = text.utf8.count - 1
        case cre2_error_repetition_of_nothing: reason = "there is nothing to repeat before this"
        case cre2_error_repetition_size:
            reason = "a repetition counts at most to 1000, and its least is not above its most"
        case cre2_error_repetition_operator: reason = "a repetition cannot directly follow another"
        case cre2_error_bad_group:
            reason = "RE2 knows no group like this: no lookahead, no lookbehind, only the flags i, m, s, U"
        case cre2_error_bad_group_name: reason = "the name of this group is not made of letters, digits and _"
        case cre2_error_too_large:
            reason = "it needs more than \(Pattern.maximumMemory >> 10) KiB: make its repetitions smaller"
            byte = nil
        default:
            reason = "it is no regular expression that RE2 can read"
            byte = nil
        }
        return MatcherSyntaxError(place: Self.place, reason: reason, character: byte.map(character(atByte:)))
    }

    /// The place of a byte, counted in Unicode scalars from 1.
    private func character(atByte byte: Int) -> Int {
        text.utf8.prefix(byte).count { $0 & 0xC0 != 0x80 } + 1
    }

    /// Reads a pattern from left to right as RE2 does, as far as groups, classes and escapes go.
    private struct Scan {
        var translated: [UInt8] = []
        var insertions: [Int] = []
        var open: [Int] = []
        var unopened: Int?
        /// Whether it has neither flags nor escapes that name code points.
        var isPlain = true
        var hasLoop = false
        var hasCountBehindLoop = false

        mutating func read(_ bytes: [UInt8]) {
            var index = 0
            var isInClass = false
            func follows(_ text: StaticString, _ index: Int) -> Bool {
                text.withUTF8Buffer { bytes.dropFirst(index).starts(with: $0) }
            }
            while index < bytes.count {
                let byte = bytes[index]
                translated.append(byte)
                switch byte {
                case UInt8(ascii: "\\") where index + 1 < bytes.count:
                    let escaped = bytes[index + 1]
                    translated.append(escaped)
                    index += 1
                    if escaped == UInt8(ascii: "Q"), !isInClass {
                        // Literal text up to \E or the end.
                        index += 1
                        while index < bytes.count, !follows("\\E", index) {
                            translated.append(bytes[index])
                            index += 1
                        }
                        continue
                    }
                    if !Self.isPunctuation(escaped), !"dDwWsSbB".utf8.contains(escaped) { isPlain = false }
                case UInt8(ascii: "[") where !isInClass:
                    isInClass = true
                    // A ] right after the opening is a member.
                    if follows("[^]", index) || follows("[]", index) {
                        let members = follows("[^]", index) ? 2 : 1
                        translated += bytes[index + 1...index + members]
                        index += members
                    }
                case UInt8(ascii: "[") where follows("[:", index):
                    // A class of POSIX has a ] of its own.
                    guard let end = bytes[index...].indices.first(where: { follows(":]", $0) }) else { break }
                    translated += bytes[index + 1...end + 1]
                    index = end + 1
                case UInt8(ascii: "]") where isInClass: isInClass = false
                case UInt8(ascii: "(") where !isInClass:
                    open.append(index)
                    guard follows("(?", index) else { break }
                    if follows("(?<", index), !follows("(?<=", index), !follows("(?<!", index) {
                        translated.append(UInt8(ascii: "?"))
                        insertions.append(translated.count)
                        translated.append(UInt8(ascii: "P"))
                        index += 1
                    } else if !follows("(?:", index), !follows("(?P<", index) {
                        isPlain = false
                    }
                case UInt8(ascii: ")") where !isInClass:
                    if open.popLast() == nil, unopened == nil { unopened = index }
                case UInt8(ascii: "*") where !isInClass, UInt8(ascii: "+") where !isInClass: hasLoop = true
                case UInt8(ascii: "{") where !isInClass:
                    readCount(bytes[(index + 1)...].prefix { $0 != UInt8(ascii: "}") })
                default: break
                }
                index += 1
            }
        }

        /// Reads what stands between the braces of a repetition.
        private mutating func readCount(_ count: ArraySlice<UInt8>) {
            let counts = count.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                Int(String(decoding: $0, as: UTF8.self))
            }
            if hasLoop, counts.contains(where: { ($0 ?? 0) >= PatternSyntax.longCount }) { hasCountBehindLoop = true }
            if counts.count == 2, counts[1] == nil { hasLoop = true }
        }

        static func isPunctuation(_ byte: UInt8) -> Bool {
            (0x21...0x2F).contains(byte) || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
                || (0x7B...0x7E).contains(byte)
        }
    }

    /// The texts of a pattern that is nothing but texts with `|` between them.
    private static func literals(_ bytes: [UInt8]) -> [String]? {
        var texts: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "|"): texts.append([])
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count, Scan.isPunctuation(bytes[index + 1]) else { return nil }
                index += 1
                texts[texts.count - 1].append(bytes[index])
            case _ where ".+*?()[]{}^$".utf8.contains(byte): return nil
            default: texts[texts.count - 1].append(byte)
            }
            index += 1
        }
        var literals: [String] = []
        for text in texts.map({ String(decoding: $0, as: UTF8.self) }).sorted(by: { $0.bytesCompared(with: $1) < 0 })
        where !(literals.last?.hasSameBytes(as: text) ?? false) {
            literals.append(text)
        }
        return literals
    }
}
