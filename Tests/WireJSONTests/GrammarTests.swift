import Testing
import WireJSON

/// RFC 8259, rule by rule. Each text goes through the scanner and through `JSONValue`, which must agree.
@Suite struct GrammarTests {
    @Test(arguments: [
        "{}", "[]", #""""#, "0", "-0", "null", "true", "false", " \t\r\n{ \n}\t\r\n ", "[ ]", "[1]", "[1,2]",
        #"{"a":1}"#, #"{ "a" : 1 , "b" : [ ] }"#, #"{"":0}"#, #"{"a":1,"a":2}"#, "[[],[[]],{}]",
        #"[{"a":{}},{"b":[{}]}]"#, "[null,true,false]", #"["a",1,{"b":2}]"#, #"{"a":[],"b":{}}"#,
        // Numbers (RFC 8259 section 6)
        "1", "-1", "10", "0.5", "-0.5", "1.0", "1e5", "1E5", "1e+5", "1e-5", "0e0", "0E+00", "1.5e300", "1e999",
        "-0.0e-0", "123456789012345678901234567890", "0.1000", "1e0001", "[0]", "[-0]",
        // Strings (RFC 8259 section 7)
        #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC\uD83D\uDE00""#, #""\u0000""#, #""\uFFFF\ufffe""#,
        "\"\u{7F}\"", "\"\u{80}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"", "\"é€😀\"", "\"\u{10FFFF}\"",
        #""/""#, "\"\u{D7FF}\u{E000}\"",
        // A byte order mark (RFC 8259 section 8.1: a parser may skip it)
        "\u{FEFF}{}", "\u{FEFF} 1",
    ])
    func accepts(text: String) throws {
        #expect(problem(text) == nil)
        #expect(throws: Never.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [
        ("", JSONError.Problem.unexpectedEnd), (" ", .unexpectedEnd), ("\u{FEFF}", .unexpectedEnd),
        ("\u{FEFF}\u{FEFF}{}", .unexpectedByte), ("{", .unexpectedEnd), ("[", .unexpectedEnd),
        (#"""#, .unexpectedEnd), ("}", .unexpectedByte), ("]", .unexpectedByte), (",", .unexpectedByte),
        (":", .unexpectedByte), ("[1", .unexpectedEnd), ("[1,", .unexpectedEnd), (#"{"a""#, .unexpectedEnd),
        (#"{"a":"#, .unexpectedEnd), (#"{"a":1"#, .unexpectedEnd), (#"{"a":1,"#, .unexpectedEnd),
        ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte), ("[,]", .unexpectedByte), ("[1,,2]", .unexpectedByte),
        ("[1 2]", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte), (#"{,"a":1}"#, .unexpectedByte),
        (#"{"a" 1}"#, .unexpectedByte), (#"{"a":}"#, .unexpectedByte), (#"{"a"}"#, .unexpectedByte),
        (#"{"a":1 "b":2}"#, .unexpectedByte), (#"{"a":1,,"b":2}"#, .unexpectedByte), ("{1:2}", .unexpectedByte),
        ("{a:1}", .unexpectedByte), ("{'a':1}", .unexpectedByte), ("{null:1}", .unexpectedByte),
        (#"{"a"::1}"#, .unexpectedByte), ("[1}", .unexpectedByte), (#"{"a":1]"#, .unexpectedByte),
        ("[}", .unexpectedByte), ("{]", .unexpectedByte), ("{}}", .trailingBytes), ("{}{}", .trailingBytes),
        ("{} x", .trailingBytes), ("[]]", .trailingBytes), ("1 2", .trailingBytes), ("{},", .trailingBytes),
        ("{}\u{0}", .trailingBytes), ("truee", .trailingBytes), ("\u{A0}{}", .unexpectedByte),
        ("\u{B}{}", .unexpectedByte), ("\u{C}{}", .unexpectedByte), ("{}\u{2028}", .trailingBytes),
        // Literals
        ("True", .unexpectedByte), ("TRUE", .unexpectedByte), ("tru", .unexpectedEnd), ("trux", .unexpectedByte),
        ("nul", .unexpectedEnd), ("nulL", .unexpectedByte), ("fals ", .unexpectedByte), ("undefined", .unexpectedByte),
        ("NaN", .unexpectedByte), ("nan", .unexpectedByte), ("Infinity", .unexpectedByte),
        // Comments
        ("// x\n{}", .unexpectedByte), ("/* x */{}", .unexpectedByte), ("{}// x", .trailingBytes),
        ("[1/**/]", .unexpectedByte), ("# x\n{}", .unexpectedByte),
        // Numbers
        ("01", .malformedNumber), ("-01", .malformedNumber), ("00", .malformedNumber), ("-", .unexpectedEnd),
        ("[-]", .malformedNumber), ("+1", .unexpectedByte), (".5", .unexpectedByte), ("-.5", .malformedNumber),
        ("1.", .unexpectedEnd), ("[1.]", .malformedNumber), ("1.e5", .malformedNumber), ("1e", .unexpectedEnd),
        ("[1e]", .malformedNumber), ("1e+", .unexpectedEnd), ("1e1.5", .trailingBytes), ("0x10", .trailingBytes),
        ("1_000", .trailingBytes), ("--1", .malformedNumber), ("-Infinity", .malformedNumber),
        ("-NaN", .malformedNumber), ("1a", .trailingBytes), ("0e", .unexpectedEnd), ("٣", .unexpectedByte),
        // Strings
        ("\"a\nb\"", .controlCharacter), ("\"\t\"", .controlCharacter), ("\"\u{0}\"", .controlCharacter),
        ("\"\u{1F}\"", .controlCharacter), ("\"12345678901234567\r\"", .controlCharacter), (#""a"#, .unexpectedEnd),
        (#""a\""#, .unexpectedEnd), (#""\x41""#, .malformedEscape), (#""\'""#, .malformedEscape),
        (#""\a""#, .malformedEscape), (#""\U0041""#, .malformedEscape), (#""\u""#, .malformedEscape),
        (#""\u004""#, .malformedEscape), (#""\u00g0""#, .malformedEscape), (#""\u+041""#, .malformedEscape),
        (#""\u 041""#, .malformedEscape), ("\"\\\u{0}\"", .malformedEscape), ("\"\\\n\"", .malformedEscape),
        (#""\"#, .unexpectedEnd), ("'a'", .unexpectedByte), ("“a”", .unexpectedByte),
        // Surrogates
        (#""\ud800""#, .loneSurrogate), (#""\uDBFFx""#, .loneSurrogate), (#""\udc00""#, .loneSurrogate),
        (#""\uDFFF""#, .loneSurrogate), (#""\ud800\n""#, .loneSurrogate), (#""\ud800\u0041""#, .loneSurrogate),
        (#""\ud800\ud800""#, .loneSurrogate), (#""\udc00\ud800""#, .loneSurrogate),
        (#""\ud83d\ude0""#, .malformedEscape), (#"{"\ud800":1}"#, .loneSurrogate),
    ])
    func refuses(text: String, reason: JSONError.Problem) {
        #expect(problem(text) == reason)
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    /// Unicode Standard, table 3-7: each row at and just outside its limits.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x7F], [0xC2, 0xC0], [0xDF, 0x7F],
            [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xE0, 0xA0, 0x7F], [0xE0, 0xA0, 0xC0],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80], [0xF0, 0x90, 0x80, 0x7F], [0xF0, 0x90, 0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE9], [0x61, 0xE9, 0x62],
        ] as [[UInt8]])
    func refusesMalformedUTF8(inside: [UInt8]) {
        for padding in [0, 1, 5, 7, 8, 9, 16] {
            let text = Array("\"".utf8) + Array(repeating: 0x78, count: padding) + inside + Array("\"".utf8)
            #expect(problem(text) == .malformedUTF8)
            #expect(problem(Array("{".utf8) + text + Array(":1}".utf8)) == .malformedUTF8)
            #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        }
        // Cut short by the end of the text.
        #expect(problem(Array("\"".utf8) + inside) != nil)
    }

    @Test(
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xEC, 0xBF, 0xBF], [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF],
            [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF3, 0xBF, 0xBF, 0xBF],
            [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0x7F],
        ] as [[UInt8]])
    func acceptsWellFormedUTF8(inside: [UInt8]) throws {
        for padding in 0...9 {
            let text = Array("\"".utf8) + Array(repeating: 0x78, count: padding) + inside + Array("\"".utf8)
            #expect(problem(text) == nil)
            #expect(Array(JSONString.decode(try scan(text), in: text).utf8) == Array(text.dropFirst().dropLast()))
        }
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], [0xEF, 0xBB],
            [0x00, 0x7B], [0xEF, 0xBB, 0xBF],
        ] as [[UInt8]])
    func refusesOtherEncodings(text: [UInt8]) {
        #expect(problem(text) != nil)
    }

    @Test func countsLevelsFromTheOutermost() {
        for nested in [nestedArrays, nestedObjects] {
            for depth in [1, 2, 63, 64] { #expect(problem(nested(depth)) == nil) }
            for depth in [65, 66, 128, 100_000] { #expect(problem(nested(depth)) == .tooDeep) }
        }
        #expect(problem("[" + nestedObjects(63) + "," + nestedArrays(63) + "]") == nil)
        #expect(problem("[" + nestedObjects(63) + "," + nestedArrays(64) + "]") == .tooDeep)
        #expect(problem(#"{"a":"# + nestedArrays(62) + ",\"b\":" + String(repeating: "[", count: 64)) == .tooDeep)
        #expect(throws: JSONError(.tooDeep, at: 64)) { try JSONValue(parsing: Array(nestedArrays(65).utf8)) }
        #expect(throws: Never.self) { try JSONValue(parsing: Array(nestedArrays(64).utf8)) }
    }

    /// The same byte at each place of an eight-byte step, and in the tail.
    @Test func findsSpecialBytesAtEveryPlace() {
        for length in 0...40 {
            for place in 0...length {
                func text(_ middle: String) -> String {
                    "\"" + String(repeating: "~", count: place) + middle + String(repeating: " ", count: length - place)
                        + "\""
                }
                #expect(problem(text("")) == nil)
                #expect(problem(text("é")) == nil)
                #expect(problem(text("\\n")) == nil)
                #expect(problem(text("\u{1F}")) == .controlCharacter)
                #expect(problem(text("\u{0}")) == .controlCharacter)
                #expect(problem(text("\\q")) == .malformedEscape)
                #expect(problem(text("\"")) != nil)
            }
        }
    }

    @Test func tellsWhereTheProblemIs() {
        #expect(throws: JSONError(.unexpectedByte, at: 3)) { try scan(Array("[1,]".utf8)) }
        #expect(throws: JSONError(.trailingBytes, at: 3)) { try scan(Array("{} x".utf8)) }
        #expect(throws: JSONError(.unexpectedEnd, at: 0)) { try scan([]) }
    }
}
