import Testing
import WireJSON

@Suite struct StringTests {
    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00E9\u20ac""#, "Aé€"), (#""\uD83D\uDE00x""#, "😀x"), (#""\udbff\udfff""#, "\u{10FFFF}"),
        (#""\ud800\udc00""#, "\u{10000}"), (#""a\u0000b""#, "a\u{0}b"), ("\"é\\né\"", "é\né"),
        (#""\\u0041""#, #"\u0041"#), (#""\uFEFF""#, "\u{FEFF}"), ("\"e\u{301}\"", "e\u{301}"),
    ])
    func decodes(json: String, text: String) throws {
        #expect(try decoded(json).utf8.elementsEqual(text.utf8))
    }

    @Test func escapesOnlyWhatItMust() {
        let text = "\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}é\u{2028}😀<>&"
        var output: [UInt8] = []
        JSONString.append(text, to: &output)
        #expect(
            String(decoding: output, as: UTF8.self) == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é\u{2028}😀<>&\"")
    }

    @Test func everyScalarComesBack() throws {
        for value in UInt32(0)...0x10FFFF {
            // Every scalar of the first plane's ends and of a sample of the rest.
            guard value < 0x3000 || value > 0x10FF00 || value % 997 == 0, let scalar = Unicode.Scalar(value) else {
                continue
            }
            let text = "x" + String(Character(scalar))
            var output: [UInt8] = []
            JSONString.append(text, to: &output)
            let back = JSONString.decode(try scan(output), in: output)
            #expect(back.utf8.elementsEqual(text.utf8))
        }
    }

    @Test func escapedSpellingsOfEveryUnitComeBack() throws {
        for value in stride(from: UInt32(0), through: 0xFFFF, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let digits = String(value, radix: 16)
            let json = "\"\\u" + String(repeating: "0", count: 4 - digits.count) + digits + "\""
            #expect(try decoded(json).unicodeScalars.elementsEqual([scalar]))
        }
    }
}
