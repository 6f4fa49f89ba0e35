extension ZoneRule {
    /// Reads the footer of a file; nil where it is anything but a rule.
    init?(_ text: ArraySlice<UInt8>) {
        var text = text
        guard Self.skipName(&text), let standard = Self.offset(&text) else { return nil }
        standardOffset = standard
        guard !text.isEmpty else {
            daylight = nil
            return
        }
        guard Self.skipName(&text) else { return nil }
        var offset = standard + 3600
        if text.first != UInt8(ascii: ",") {
            guard let written = Self.offset(&text) else { return nil }
            offset = written
        }
        guard abs(offset) < 86_400, let start = Self.change(&text), let end = Self.change(&text), text.isEmpty else {
            return nil
        }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// The name of an offset: three letters or more; others than letters in angle brackets.
    private static func skipName(_ text: inout ArraySlice<UInt8>) -> Bool {
        if skip("<", &text) {
            guard let end = text.firstIndex(of: UInt8(ascii: ">")) else { return false }
            let name = text[..<end]
            text = text[(end + 1)...]
            return name.count >= 3 && name.allSatisfy { isLetter($0) || isDigit($0) || "+-".utf8.contains($0) }
        }
        let name = text.prefix(while: isLetter)
        text = text[name.endIndex...]
        return name.count >= 3
    }

    /// An offset in seconds east of Greenwich; written it is the other way round.
    private static func offset(_ text: inout ArraySlice<UInt8>) -> Int? {
        guard let seconds = time(&text, hours: 0...24), abs(seconds) < 86_400 else { return nil }
        return -seconds
    }

    /// `,DAY[/TIME]`: where no time is written it is two o'clock.
    private static func change(_ text: inout ArraySlice<UInt8>) -> Change? {
        guard skip(",", &text), let day = day(&text) else { return nil }
        guard skip("/", &text) else { return Change(day: day, time: 7200) }
        return time(&text, hours: 0...167).map { Change(day: day, time: $0) }
    }

    private static func day(_ text: inout ArraySlice<UInt8>) -> YearDay? {
        if skip("J", &text) { return number(&text, in: 1...365).map { .withoutLeapDay($0) } }
        guard skip("M", &text) else { return number(&text, in: 0...365).map { .fromZero($0) } }
        guard let month = number(&text, in: 1...12), skip(".", &text), let week = number(&text, in: 1...5),
            skip(".", &text), let weekday = number(&text, in: 0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: month)
    }

    /// `[+|-]H[:MM[:SS]]`, in seconds.
    private static func time(_ text: inout ArraySlice<UInt8>, hours: ClosedRange<Int>) -> Int? {
        let isNegative = skip("-", &text)
        if !isNegative { _ = skip("+", &text) }
        guard var seconds = number(&text, in: hours).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] {
            guard skip(":", &text) else { break }
            guard let part = number(&text, in: 0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    private static func number(_ text: inout ArraySlice<UInt8>, in range: ClosedRange<Int>) -> Int? {
        let digits = text.prefix(while: isDigit)
        guard (1...3).contains(digits.count) else { return nil }
        text = text[digits.endIndex...]
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return range.contains(number) ? number : nil
    }

    private static func skip(_ character: Unicode.Scalar, _ text: inout ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: character) else { return false }
        text = text.dropFirst()
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
