import CivilCalendar
import Testing

/// Dates as numbers of days, against a count of the days one by one.
@Suite struct DateTests {
    /// The lengths of a year's months by the rule of the Gregorian calendar.
    private static func lengths(_ year: Int) -> [Int] {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    @Test func everyDayOfFourHundredYearsHasItsDate() throws {
        // 1970-01-01 is day 0; 135 years are 49308 days (33 of them are leap years).
        var dayNumber = -49_308
        for year in 1835..<2235 {
            for (month, length) in zip(1..., Self.lengths(year)) {
                for day in 1...length {
                    let date = CivilDate(dayNumber: dayNumber)
                    guard date.month.year == year, date.month.number == month, date.day == day else {
                        Issue.record("day \(dayNumber) is \(date)")
                        return
                    }
                    guard date == CivilDate(year: year, month: month, day: day), date.dayNumber == dayNumber else {
                        Issue.record("\(year)-\(month)-\(day) is no day, or another than \(dayNumber)")
                        return
                    }
                    dayNumber += 1
                }
            }
        }
        #expect(dayNumber == -49_308 + 146_097)
    }

    @Test(arguments: [
        (0, 1, 1, -719_528), (0, 2, 29, -719_469), (0, 3, 1, -719_468), (1969, 12, 31, -1), (1970, 1, 1, 0),
        (2000, 2, 29, 11_016), (2026, 11, 22, 20_779), (2038, 1, 19, 24_855), (9999, 12, 31, 2_932_896),
    ])
    func knownDays(year: Int, month: Int, day: Int, number: Int) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(date.dayNumber == number)
        #expect(CivilDate(dayNumber: number) == date)
    }

    @Test func everyYearHasItsLeapDayOrNone() {
        for year in 0...9999 {
            let lengths = Self.lengths(year)
            let months = (1...12).map { CivilMonth(year: year, month: $0) }
            #expect(months.map(\.length) == lengths)
            #expect(CivilYear(number: year).isLeap == (lengths[1] == 29))
            #expect(CivilYear(number: year).firstDay == months[0].firstDay)
            #expect(months.allSatisfy { $0.year == year })
        }
    }

    @Test(arguments: [
        (2025, 2, 29), (1900, 2, 29), (2024, 2, 30), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0),
        (2024, 1, 32), (2024, -1, 1), (2024, 1, -1),
    ])
    func whatIsNoDay(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func theMonthBeforeJanuaryIsDecember() {
        #expect(CivilMonth(year: 2024, month: 1).previous == CivilMonth(year: 2023, month: 12))
        #expect(CivilMonth(year: 2024, month: 3).previous.length == 29)
    }

    @Test(arguments: [(7, 3, 2, 1), (-7, 3, -3, 2), (-6, 3, -2, 0), (0, 3, 0, 0), (-1, 1000, -1, 999)])
    func theRemainderIsNeverNegative(dividend: Int, divisor: Int, quotient: Int, remainder: Int) {
        #expect(floorDivision(dividend, divisor) == (quotient, remainder))
    }
}
