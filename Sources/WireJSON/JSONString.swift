/// Strings in and out of their JSON form (RFC 8259 section 7).
public enum JSONString {
    /// The text of a string token, exactly: escapes resolved, nothing normalised.
    ///
    /// The token must be one that a scanner gave for these bytes.
    public static func decode(_ token: JSONToken, in bytes: UnsafeRawBufferPointer) -> String {
        precondition(token.kind == .string, "only a string has text")
        let raw = UnsafeRawBufferPointer(rebasing: bytes[token.range.lowerBound + 1..<token.range.upperBound - 1])
        guard token.hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        return String(decoding: unescape(raw), as: UTF8.self)
    }

    /// The text of a string token, exactly. The token must be one that a scanner gave for these bytes.
    public static func decode(_ token: JSONToken, in bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { buffer in decode(token, in: buffer) }
    }

    /// Appends a text as a JSON string with its quotes. Only what must be escaped is: quotes, backslashes and
    /// characters below U+0020.
    public static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        output.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            // What needs no escape is copied in runs: nearly always the whole text at once.
            var start = 0
            for index in bytes.indices where mustBeEscaped(bytes[index]) {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
                appendEscaped(bytes[index], to: &output)
                start = index + 1
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
        case 0x08: output += "\\b".utf8
        case 0x09: output += "\\t".utf8
        case 0x0A: output += "\\n".utf8
        case 0x0C: output += "\\f".utf8
        case 0x0D: output += "\\r".utf8
        default:
            output += "\\u00".utf8
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }

    /// Resolves the escapes in the inside of a string that a scanner has passed.
    static func unescape(_ raw: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\") else {
                output.append(raw[index])
                index += 1
                continue
            }
            let letter = raw[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "u"):
                var value = codeUnit(raw, at: index)
                index += 4
                if 0xD800...0xDBFF ~= value {
                    value = 0x10000 + (value - 0xD800) << 10 + (codeUnit(raw, at: index + 2) - 0xDC00)
                    index += 6
                }
                // A scanner lets no lone surrogate through, so every value is a scalar.
                output += (Unicode.Scalar(value) ?? "\u{FFFD}").utf8
            default: output.append(letter)
            }
        }
        return output
    }

    private static func codeUnit(_ raw: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 { value = value << 4 | (hexValue(raw[index + offset]) ?? 0) }
        return value
    }

    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
