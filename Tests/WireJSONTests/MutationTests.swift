import Testing
import WireJSON

/// Texts broken at random. Whatever comes in: no trap, and scanner and tree agree on what is JSON.
@Suite struct MutationTests {
    static let seeds = [
        #"{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","payload":{"summary":"Größe 😀 \ud83d\ude00 \"x\"","source":"web-1","severity":"error","custom_details":{"load":0.75,"n":[1,-2.5e+10,null,true,false],"deep":{"a":{"b":[[],{}]}}}},"links":[{"href":"https://x","text":""}]}"#,
        "[" + nestedArrays(60) + ",\"\\u0000\\n\\/é€\u{10FFFF}\",0.0,-0,1E5,{\"\":{}}]",
        "\u{FEFF} \"0123456789abcdef0123456789é0123456\" \n",
    ]

    @Test(arguments: 0..<UInt64(24))
    func neverTrapsAndAgrees(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let interesting =
            Array("{}[]\",:\\u0dDcCeE+-.19tfn \t\n\r/".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xBF, 0xC2, 0xED, 0xF4]
        for round in 0..<600 {
            var text = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &random)
                let byte =
                    interesting.randomElement(using: &random).flatMap { byte in
                        Bool.random(using: &random) ? byte : nil
                    } ?? UInt8.random(in: 0...255, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: text[place] = byte
                case 1: text.insert(byte, at: place)
                case 2: text.remove(at: place)
                case 3: text.removeSubrange(place...)
                default:
                    let end = min(text.count, place + Int.random(in: 1...12, using: &random))
                    text.insert(
                        contentsOf: Array(text[place..<end]), at: Int.random(in: 0...text.count, using: &random))
                }
            }
            let scanned = problem(text)
            do {
                let value = try JSONValue(parsing: text)
                #expect(scanned == nil, "\(text)")
                // What was accepted is UTF-8, and its compact form means the same.
                #expect(String(validating: text, as: UTF8.self) != nil)
                #expect(try JSONValue(parsing: value.serialized()) == value)
            } catch {
                #expect(scanned == error.problem, "\(text)")
            }
        }
    }
}
