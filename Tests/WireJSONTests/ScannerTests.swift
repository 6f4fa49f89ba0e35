import Testing
import WireJSON

/// Walking with the scanner, as the events API does.
@Suite struct ScannerTests {
    @Test func givesKindsAndRanges() throws {
        let text = #" {"n": null ,"t":true,"f":false,"x":-1.50e+3,"s":"a\nb","a":[1,{"b":2}],"o":{"c":[]}} "#
        let bytes = Array(text.utf8)
        var seen: [String] = []
        try bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer)
            #expect(try scanner.nextKind() == .object)
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                let value = try scanner.value()
                let json = String(decoding: buffer[value.range], as: UTF8.self)
                seen.append("\(JSONString.decode(name, in: buffer)) \(value.kind) \(value.hasEscapes) \(json)")
            }
            try scanner.finish()
        }
        #expect(
            seen == [
                "n null false null", "t true false true", "f false false false", "x number false -1.50e+3",
                #"s string true "a\nb""#, #"a array false [1,{"b":2}]"#, #"o object false {"c":[]}"#,
            ])
    }

    @Test func walksInAndOut() throws {
        let bytes = Array(#"{"skip":{"payload":1},"payload":{"in":[1,[2],{"x":3}],"z":4},"after":5}"#.utf8)
        var seen: [String] = []
        try bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer)
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                guard case "payload" = scanner.name(name) else {
                    seen.append(String(decoding: buffer[try scanner.value().range], as: UTF8.self))
                    continue
                }
                try scanner.enterObject()
                while let inner = try scanner.nextMember() {
                    if case "in" = scanner.name(inner) {
                        try scanner.enterArray()
                        while try scanner.nextElement() {
                            seen.append(String(decoding: buffer[try scanner.value().range], as: UTF8.self))
                        }
                    } else {
                        seen.append(String(decoding: buffer[try scanner.value().range], as: UTF8.self))
                    }
                }
            }
            try scanner.finish()
        }
        #expect(seen == [#"{"payload":1}"#, "1", "[2]", #"{"x":3}"#, "4", "5"])
    }

    @Test func countsDepthWhereItWalks() {
        func walk(_ text: String) throws(JSONError) {
            let bytes = Array(text.utf8)
            try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
                var scanner = JSONScanner(UnsafeRawBufferPointer(buffer))
                try scanner.enterObject()
                while try scanner.nextMember() != nil { _ = try scanner.value() }
                try scanner.finish()
            }
        }
        #expect(throws: Never.self) { try walk(#"{"a":\#(nestedArrays(63))}"#) }
        #expect(throws: JSONError(.tooDeep, at: 68)) { try walk(#"{"a":\#(nestedArrays(64))}"#) }
    }

    @Test(arguments: [#""routing_key""#, #""routing\u005fkey""#, #""\u0072outing_ke\u0079""#, #""routing\u005Fkey""#])
    func unescapesNamesBeforeComparing(name: String) throws {
        let bytes = Array("{\(name):1}".utf8)
        try bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer)
            try scanner.enterObject()
            let token = try #require(try scanner.nextMember())
            #expect("routing_key" ~= scanner.name(token))
            for other in ["routing_keys", "routing_kex", "outing_key", ""] as [StaticString] {
                #expect(!(other ~= scanner.name(token)))
            }
        }
    }

    @Test func comparesNamesByBytes() throws {
        let bytes = Array("{\"e\u{301}\":1}".utf8)
        try bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer)
            try scanner.enterObject()
            let token = try #require(try scanner.nextMember())
            #expect("e\u{301}" ~= scanner.name(token))
            #expect(!("\u{E9}" ~= scanner.name(token)))
        }
    }

    @Test func readsOneValueInsideAText() throws {
        let bytes = Array(#"{"a":[1,{"b":2}],"c":3}"#.utf8)
        try bytes.withUnsafeBytes { buffer in
            var outer = JSONScanner(buffer)
            try outer.enterObject()
            _ = try outer.nextMember()
            let array = try outer.value()
            var inner = JSONScanner(buffer, at: array)
            try inner.enterArray()
            #expect(try inner.nextElement())
            #expect(try inner.value().range == 6..<7)
            #expect(try inner.nextElement())
            #expect(try inner.value().range == 8..<15)
            #expect(try inner.nextElement() == false)
            try inner.finish()
        }
    }
}
