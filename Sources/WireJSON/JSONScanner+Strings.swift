extension JSONScanner {
    /// Passes over the string whose opening quote comes next.
    mutating func string() throws(JSONError) -> JSONToken {
        let start = position
        var hasEscapes = false
        position += 1
        while true {
            skipPlainText()
            guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return JSONToken(.string, start..<position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: position)
            default:
                try multiByteScalar()
            }
        }
    }

    /// Goes on to the next quote, backslash, control character or byte beyond ASCII, eight bytes at a time.
    private mutating func skipPlainText() {
        let everyByte: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        while position &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            // A byte's high bit comes out set where the byte is what is looked for. Borrows only run upwards, so the
            // lowest bit set is never wrong, and no other is used.
            let quotes = word ^ (everyByte &* 0x22)
            let backslashes = word ^ (everyByte &* 0x5C)
            let found =
                (((word &- everyByte &* 0x20) & ~word) | ((quotes &- everyByte) & ~quotes)
                    | ((backslashes &- everyByte) & ~backslashes) | word) & highBits
            guard found == 0 else {
                position &+= found.trailingZeroBitCount >> 3
                return
            }
            position &+= 8
        }
        while position < bytes.count {
            switch bytes[position] {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x80...: return
            default: position += 1
            }
        }
    }

    private mutating func escape() throws(JSONError) {
        position += 1
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            let unit = try fourHexDigits()
            switch unit {
            case 0xD800...0xDBFF:
                guard current == UInt8(ascii: "\\") else { throw JSONError(.loneSurrogate, at: position) }
                position += 1
                guard current == UInt8(ascii: "u") else { throw JSONError(.loneSurrogate, at: position) }
                position += 1
                let low = try fourHexDigits()
                guard 0xDC00...0xDFFF ~= low else { throw JSONError(.loneSurrogate, at: position) }
            case 0xDC00...0xDFFF:
                throw JSONError(.loneSurrogate, at: position)
            default: break
            }
        default:
            throw JSONError(.malformedEscape, at: position)
        }
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = JSONString.hexValue(current) else { throw JSONError(.malformedEscape, at: position) }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    /// Passes over one scalar of two to four bytes: the well-formed sequences of the Unicode Standard, table 3-7.
    private mutating func multiByteScalar() throws(JSONError) {
        let lead = bytes[position]
        let length: Int
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.malformedUTF8, at: position)
        }
        guard position + length <= bytes.count, second ~= bytes[position + 1] else {
            throw JSONError(.malformedUTF8, at: position)
        }
        for index in 2..<max(2, length) where bytes[position + index] & 0xC0 != 0x80 {
            throw JSONError(.malformedUTF8, at: position)
        }
        position += length
    }
}
