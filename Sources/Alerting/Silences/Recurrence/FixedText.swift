/// Reads and writes the pieces that the texts of a recurrence are made of, in ASCII only.
enum FixedText {
    /// The number that decimal digits stand for; nil where there is anything but digits, too many or too few of them.
    static func number(_ text: some StringProtocol, digits: ClosedRange<Int> = 1...18) -> Int? {
        guard digits.contains(text.utf8.count) else { return nil }
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int(text)
    }

    /// The number of decimal digits that a sign may precede, as in BYMONTHDAY and BYDAY of RFC 5545 section 3.3.10.
    static func signedNumber(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
        switch text.utf8.first {
        case UInt8(ascii: "-"): number(text.dropFirst(), digits: digits).map { -$0 }
        case UInt8(ascii: "+"): number(text.dropFirst(), digits: digits)
        default: number(text, digits: digits)
        }
    }

    /// The numbers of a text in which digits and other characters stand at fixed places.
    ///
    /// The pattern has `0` where a digit stands; a space parts two numbers and stands for nothing in the text; every
    /// other character stands for itself and parts two numbers. Nil where the text is different.
    static func numbers(_ text: some StringProtocol, pattern: StaticString) -> [Int]? {
        var rest = Substring(text).utf8
        var numbers: [Int] = []
        var isInsideNumber = false
        for expected in pattern.description.utf8 {
            if expected == UInt8(ascii: " ") {
                isInsideNumber = false
                continue
            }
            guard let next = rest.popFirst() else { return nil }
            guard expected == UInt8(ascii: "0") else {
                guard next == expected else { return nil }
                isInsideNumber = false
                continue
            }
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= next else { return nil }
            let digit = Int(next - UInt8(ascii: "0"))
            if isInsideNumber {
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + digit
            } else {
                numbers.append(digit)
            }
            isInsideNumber = true
        }
        return rest.isEmpty ? numbers : nil
    }

    /// A number with zeros in front, up to a width.
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The text with a…z as A…Z and everything else as it is: `uppercased()` makes
    /// ASCII of letters that are not, such as the long s.
    static func upperCase(_ text: String) -> String {
        String(decoding: text.utf8.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 - 32 : $0 }, as: UTF8.self)
    }
}
