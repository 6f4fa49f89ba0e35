import Alerting
import CivilCalendar

/// Reads the forms of `payload.timestamp` (events-api.md section 6). Sub-millisecond digits are cut.
public enum TimestampParser {
    /// A moment in ISO 8601: a date, which is its midnight in UTC, or date, `T`, hours and minutes, with or without
    /// seconds, a fraction and a zone. Without a zone it is UTC. Nil for every other text, for a moment that does not
    /// exist, and for one that is outside the years 0000 to 9999 in UTC.
    public static func parse(_ text: String) -> Timestamp? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = Reader(bytes: bytes)
            return reader.moment()
        }
    }

    /// A JSON number: seconds since 1970, or milliseconds from 10^11 on. Nil outside the years 1970 to 9999.
    ///
    /// - Parameter spelling: a number in JSON's grammar. It is read as the decimal it is, not as a binary fraction.
    public static func parse(number spelling: String) -> Timestamp? {
        guard let number = DecimalNumber(spelling) else { return nil }
        guard !number.digits.isEmpty else { return Timestamp(milliseconds: 0) }
        guard !number.isNegative, number.pointPlace <= 15 else { return nil }
        let isMilliseconds = number.pointPlace >= 12
        let milliseconds = number.wholePart(shiftedBy: isMilliseconds ? 0 : 3)
        guard milliseconds <= lastMillisecond else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    /// 9999-12-31T23:59:59.999Z
    static let lastMillisecond: Int64 = 253_402_300_799_999
    /// 0000-01-01T00:00:00.000Z
    static let firstMillisecond: Int64 = -62_167_219_200_000
}

extension TimestampParser {
    /// Reads digits and marks from the front of a text, inside the closure that was given its bytes.
    private struct Reader {
        private let bytes: UnsafeBufferPointer<UInt8>
        private var position = 0

        init(bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
        }

        private var isAtEnd: Bool { position == bytes.count }

        mutating func moment() -> Timestamp? {
            guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
                let date = CivilDate(year: Int(year), month: Int(month), day: Int(day))
            else { return nil }
            let midnight = Int64(date.dayNumber) * 86_400_000
            guard !isAtEnd else { return Timestamp(milliseconds: midnight) }
            guard take("T"), let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else {
                return nil
            }
            var milliseconds = (hour * 60 + minute) * 60_000
            if take(":") {
                guard let second = number(2), second < 60 else { return nil }
                milliseconds += second * 1000
                if take(".") || take(",") {
                    guard let fraction = fraction() else { return nil }
                    milliseconds += fraction
                }
            }
            guard let offset = offset(), isAtEnd else { return nil }
            let moment = midnight + milliseconds - offset
            guard firstMillisecond...lastMillisecond ~= moment else { return nil }
            return Timestamp(milliseconds: moment)
        }

        /// `Z`, or `+` or `-` with hours and maybe minutes and maybe a redundant `Z`; nothing is UTC.
        private mutating func offset() -> Int64? {
            if isAtEnd || take("Z") { return 0 }
            let sign: Int64
            if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hours = number(2), hours < 24 else { return nil }
            var minutes: Int64 = 0
            if take(":") {
                guard let number = number(2) else { return nil }
                minutes = number
            } else if let number = number(2) {
                minutes = number
            }
            guard minutes < 60 else { return nil }
            _ = take("Z")
            return sign * (hours * 60 + minutes) * 60_000
        }

        /// One to nine digits after the point, as milliseconds.
        private mutating func fraction() -> Int64? {
            var milliseconds: Int64 = 0
            var count = 0
            while let digit = number(1) {
                count += 1
                if count <= 3 { milliseconds = milliseconds * 10 + digit }
            }
            guard (1...9).contains(count) else { return nil }
            for _ in count..<max(3, count) { milliseconds *= 10 }
            return milliseconds
        }

        private mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard !isAtEnd, bytes[position] == UInt8(ascii: mark) else { return false }
            position += 1
            return true
        }

        private mutating func number(_ count: Int) -> Int64? {
            guard bytes.count - position >= count else { return nil }
            var value: Int64 = 0
            for digit in bytes[position..<(position + count)] {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
                value = value * 10 + Int64(digit - UInt8(ascii: "0"))
            }
            position += count
            return value
        }
    }
}
