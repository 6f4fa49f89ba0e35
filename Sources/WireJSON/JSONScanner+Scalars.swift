extension JSONScanner {
    /// Passes over a value that is no array and no object, whose first byte says that it is of that kind.
    mutating func scalar(_ kind: JSONKind) throws(JSONError) -> JSONToken {
        switch kind {
        case .string: return try string()
        case .number: return try number()
        case .true: return try literal("true", .true)
        case .false: return try literal("false", .false)
        case .null: return try literal("null", .null)
        case .array, .object: preconditionFailure("not a scalar")
        }
    }

    private mutating func literal(_ text: StaticString, _ kind: JSONKind) throws(JSONError) -> JSONToken {
        let start = position
        for index in 0..<text.utf8CodeUnitCount {
            guard current == text.utf8Start[index] else { throw unexpected }
            position += 1
        }
        return JSONToken(kind, start..<position)
    }

    /// RFC 8259 section 6: `[ "-" ] int [ frac ] [ exp ]`, where only a lone zero may begin with a zero.
    private mutating func number() throws(JSONError) -> JSONToken {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") {
            position += 1
            if isDigit(current) { throw JSONError(.malformedNumber, at: position) }
        } else {
            try digits()
        }
        if current == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return JSONToken(.number, start..<position)
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit(current) else {
            throw JSONError(position < bytes.count ? .malformedNumber : .unexpectedEnd, at: position)
        }
        repeat { position += 1 } while isDigit(current)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
