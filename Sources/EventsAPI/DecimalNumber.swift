import WireJSON

/// A JSON number as the decimal that it is: `0.d1d2d3… · 10^pointPlace`.
struct DecimalNumber {
    /// Whether it begins with a minus.
    let isNegative: Bool
    /// The digits, 0 to 9, without zeros at the front; none for zero.
    let digits: [UInt8]
    /// How many digits stand before the point; negative where zeros stand behind it first.
    let pointPlace: Int

    /// Reads a spelling in JSON's grammar; nil where it is none. An exponent beyond a million is taken as a million.
    init?(_ spelling: String) {
        guard Self.isNumber(spelling) else { return nil }
        var digits: [UInt8] = []
        var pointPlace = 0
        var exponent = 0
        var isExponentNegative = false
        enum Part { case whole, fraction, exponent }
        var part = Part.whole
        for byte in spelling.utf8 {
            switch byte {
            case UInt8(ascii: "."): part = .fraction
            case UInt8(ascii: "e"), UInt8(ascii: "E"): part = .exponent
            case UInt8(ascii: "-"): isExponentNegative = part == .exponent
            case UInt8(ascii: "+"): break
            default:
                let digit = byte - UInt8(ascii: "0")
                if part == .exponent {
                    exponent = min(exponent * 10 + Int(digit), 1_000_000)
                } else if digit != 0 || !digits.isEmpty {
                    digits.append(digit)
                    if part == .whole { pointPlace += 1 }
                } else if part == .fraction {
                    pointPlace -= 1
                }
            }
        }
        self.digits = digits
        self.isNegative = spelling.utf8.first == UInt8(ascii: "-")
        self.pointPlace = pointPlace + (isExponentNegative ? -exponent : exponent)
    }

    /// The whole part of the number after its point was moved to the right, where that has at most 18 digits.
    func wholePart(shiftedBy places: Int) -> Int64 {
        let count = pointPlace + places
        precondition(count <= 18, "more digits than fit")
        guard count > 0 else { return 0 }
        var value: Int64 = 0
        for index in 0..<count { value = value * 10 + (index < digits.count ? Int64(digits[index]) : 0) }
        return value
    }

    private static func isNumber(_ spelling: String) -> Bool {
        Array(spelling.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            do {
                let token = try scanner.value()
                return token.kind == .number && token.range == 0..<bytes.count
            } catch {
                return false
            }
        }
    }
}
