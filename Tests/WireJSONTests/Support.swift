import WireJSON

/// Scans one text to its end, and nothing else.
func scan(_ bytes: [UInt8]) throws(JSONError) -> JSONToken {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
        var scanner = JSONScanner(UnsafeRawBufferPointer(buffer))
        let token = try scanner.value()
        try scanner.finish()
        return token
    }
}

/// The problem that a text is refused for; nil where it is accepted.
func problem(_ bytes: [UInt8]) -> JSONError.Problem? {
    do {
        _ = try scan(bytes)
        return nil
    } catch {
        return error.problem
    }
}

func problem(_ text: String) -> JSONError.Problem? { problem(Array(text.utf8)) }

/// The text of a string that stands alone.
func decoded(_ json: String) throws -> String {
    let bytes = Array(json.utf8)
    return JSONString.decode(try scan(bytes), in: bytes)
}

/// As many arrays inside one another.
func nestedArrays(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
}

/// As many objects inside one another.
func nestedObjects(_ depth: Int) -> String {
    String(repeating: #"{"a":"#, count: depth - 1) + "{}" + String(repeating: "}", count: depth - 1)
}

/// SplitMix64: random numbers that come again with the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
