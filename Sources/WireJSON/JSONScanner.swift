/// Reads JSON text strictly (RFC 8259) in one pass and hands out byte ranges instead of trees.
///
/// The caller walks the objects it cares about with `enterObject` and `nextMember`, the arrays with `enterArray` and
/// `nextElement`, and passes over every other value with `value`, which validates all that it skips. `finish` ends
/// the text. After an error the scanner must not be used again. A leading UTF-8 byte order mark is skipped.
///
/// Nothing recurses: which of the open levels are objects stands in the bits of one word.
public struct JSONScanner {
    /// How many arrays and objects may be open at once. The outermost is level 1; level 65 is an error.
    public static let maximumDepth = 64

    let bytes: UnsafeRawBufferPointer
    var position = 0
    private var depth = 0
    /// Bit n - 1 is set where level n is an object.
    private var objectLevels: UInt64 = 0
    /// Whether nothing has been read since the innermost level was opened, so that no comma is due.
    private var isAtStartOfLevel = false

    /// A scanner at the start of that text, which must outlive it.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// A scanner of one value inside a text; the ranges it gives are those of the whole text.
    public init(_ bytes: UnsafeRawBufferPointer, at token: JSONToken) {
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes[..<token.range.upperBound])
        position = token.range.lowerBound
    }

    // MARK: Walking

    /// The kind of the value that comes next, as far as its first byte tells it.
    public mutating func nextKind() throws(JSONError) -> JSONKind {
        skipWhitespace()
        return switch current {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"): .true
        case UInt8(ascii: "f"): .false
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: throw unexpected
        }
    }

    /// Goes into the object that comes next.
    public mutating func enterObject() throws(JSONError) {
        skipWhitespace()
        guard current == UInt8(ascii: "{") else { throw unexpected }
        try open(isObject: true)
    }

    /// Goes into the array that comes next.
    public mutating func enterArray() throws(JSONError) {
        skipWhitespace()
        guard current == UInt8(ascii: "[") else { throw unexpected }
        try open(isObject: false)
    }

    /// The name of the next member of the object that the scanner is in; its value comes next. Nil once the object
    /// has ended, which leaves it.
    public mutating func nextMember() throws(JSONError) -> JSONToken? {
        precondition(depth > 0 && isInObject, "only an object has members")
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            close()
            return nil
        }
        try passComma()
        guard current == UInt8(ascii: "\"") else { throw unexpected }
        let name = try string()
        skipWhitespace()
        guard current == UInt8(ascii: ":") else { throw unexpected }
        position += 1
        return name
    }

    /// Whether the array that the scanner is in has another element, which then comes next. False once the array has
    /// ended, which leaves it.
    public mutating func nextElement() throws(JSONError) -> Bool {
        precondition(depth > 0 && !isInObject, "only an array has elements")
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            close()
            return false
        }
        try passComma()
        return true
    }

    /// Passes over the value that comes next, with all that is in it.
    public mutating func value() throws(JSONError) -> JSONToken {
        let kind = try nextKind()
        guard kind == .object || kind == .array else { return try scalar(kind) }
        let start = position
        let outerDepth = depth
        try open(isObject: kind == .object)
        while depth > outerDepth {
            if isInObject {
                guard try nextMember() != nil else { continue }
            } else {
                guard try nextElement() else { continue }
            }
            let inner = try nextKind()
            if inner == .object || inner == .array {
                try open(isObject: inner == .object)
            } else {
                _ = try scalar(inner)
            }
        }
        return JSONToken(kind, start..<position)
    }

    /// Makes sure that nothing but whitespace follows.
    public mutating func finish() throws(JSONError) {
        precondition(depth == 0, "a level is still open")
        skipWhitespace()
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
    }

    /// The member name at that token, ready to be compared.
    public func name(_ token: JSONToken) -> JSONName {
        JSONName(token, in: bytes)
    }

    // MARK: Levels

    private var isInObject: Bool { objectLevels >> UInt64(depth &- 1) & 1 == 1 }

    private mutating func open(isObject: Bool) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: position) }
        position += 1
        let bit: UInt64 = 1 << UInt64(depth)
        if isObject { objectLevels |= bit } else { objectLevels &= ~bit }
        depth += 1
        isAtStartOfLevel = true
    }

    private mutating func close() {
        position += 1
        depth -= 1
        isAtStartOfLevel = false
    }

    /// Passes the comma before a member or element, if one is due; none may stand before the first.
    private mutating func passComma() throws(JSONError) {
        if isAtStartOfLevel {
            isAtStartOfLevel = false
            return
        }
        guard current == UInt8(ascii: ",") else { throw unexpected }
        position += 1
        skipWhitespace()
    }

    // MARK: Bytes

    /// The byte that comes next, or 0 at the end: no rule of the grammar allows a raw 0 anywhere.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// What to throw where no rule fits the byte that comes next.
    var unexpected: JSONError {
        JSONError(position < bytes.count ? .unexpectedByte : .unexpectedEnd, at: position)
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }
}
