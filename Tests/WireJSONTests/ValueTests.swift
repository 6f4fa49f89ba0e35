import Testing
import WireJSON

@Suite struct ValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }
    private func text(_ value: JSONValue) -> String { String(decoding: value.serialized(), as: UTF8.self) }

    @Test func keepsOrderAndSpelling() throws {
        let written =
            #"{"z":1.50,"a":[0.75,-0,1E+2,12345678901234567890123],"m":{"y":null,"b":true,"c":false},"s":"é"}"#
        #expect(text(try parse(written)) == written)
        #expect(text(try parse(" { \"z\" : [ 1 , 2 ] }\n")) == #"{"z":[1,2]}"#)
    }

    @Test func theLastOfEqualNamesWins() throws {
        #expect(text(try parse(#"{"a":1,"b":2,"a":3}"#)) == #"{"a":3,"b":2}"#)
        #expect(text(try parse(#"{"a":{"x":1},"a":null}"#)) == #"{"a":null}"#)
        #expect(text(try parse(#"{"a_b":1,"a\u005fb":2}"#)) == #"{"a_b":2}"#)
        // Canonically equivalent names are two names.
        #expect(try parse("{\"\u{E9}\":1,\"e\u{301}\":2}").objectValue?.count == 2)
    }

    @Test func manyMembersTakeNoQuadraticTime() throws {
        let names = (0..<40_000).map { number in "\"k\(number % 20_000)\":\(number)" }
        let value = try parse("{" + names.joined(separator: ",") + "}")
        #expect(value.objectValue?.count == 20_000)
        #expect(value["k0"] == 20_000)
        #expect(value["k19999"] == 39_999)
        #expect(value.objectValue?.first?.name == "k0")
    }

    @Test func looksIn() throws {
        let value = try parse(#"{"s":"x","n":-7,"f":1.0,"e":1e2,"b":true,"z":null,"a":[1,"y"],"o":{"i":{"j":9}}}"#)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["n"]?.integerValue == -7)
        #expect(value["n"]?.numberValue == "-7")
        #expect(value["f"]?.integerValue == nil)
        #expect(value["e"]?.integerValue == nil)
        #expect(value["b"]?.boolValue == true)
        #expect(value["z"]?.isNull == true)
        #expect(value["a"]?[1]?.stringValue == "y")
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?.arrayValue?.count == 2)
        #expect(value["o"]?["i"]?["j"] == 9)
        #expect(value["o"]?.objectValue?.map(\.name) == ["i"])
        #expect(value["missing"] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["s"]?.integerValue == nil)
        #expect(value["n"]?.stringValue == nil)
        #expect(try parse("9223372036854775807").integerValue == .max)
        #expect(try parse("9223372036854775808").integerValue == nil)
    }

    @Test func literalsKeepTheirOrder() {
        let id = 7
        let value: JSONValue = ["z": 1, "a": "x", "n": nil, "b": true, "l": [1, "2", false], "i": "Q\(id)"]
        #expect(text(value) == #"{"z":1,"a":"x","n":null,"b":true,"l":[1,"2",false],"i":"Q7"}"#)
        #expect(text([]) == "[]")
        #expect(text([:]) == "{}")
    }

    @Test func optionalsBecomeNull() {
        let nothing: String? = nil
        let flag: Bool? = nil
        let number: Int64? = nil
        let here: String? = "x"
        #expect(text([JSONValue(nothing), JSONValue(flag), JSONValue(number)]) == "[null,null,null]")
        #expect(text([JSONValue(here), JSONValue("y"), JSONValue(true), JSONValue(5)]) == #"["x","y",true,5]"#)
        #expect(text(JSONValue(UInt64.max)) == "18446744073709551615")
    }

    @Test func rawIsSplicedInByteForByte() {
        let details = Array("{ \"a\" : 0.750 }".utf8)
        #expect(text(["details": .raw(details)]) == "{\"details\":{ \"a\" : 0.750 }}")
    }

    @Test func equalityIsByBytes() throws {
        #expect(try parse(#"{"a":[1,"x"]}"#) == ["a": [1, "x"]])
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONValue.number("1.0") != .number("1"))
        #expect(JSONValue.object([.init("\u{E9}", 1)]) != .object([.init("e\u{301}", 1)]))
        #expect(JSONValue.object([.init("a", 1), .init("b", 2)]) != .object([.init("b", 2), .init("a", 1)]))
        #expect(JSONValue.null != .bool(false))
    }
}
