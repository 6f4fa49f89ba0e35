/// A year of the proleptic Gregorian calendar.
public struct CivilYear: Hashable, Sendable {
    /// The year, from 0.
    public let number: Int

    /// A year by its number.
    public init(number: Int) {
        self.number = number
    }

    /// 1 January, as days since 1970-01-01.
    public var firstDay: Int { CivilMonth(year: number, month: 1).firstDay }

    /// Whether it has a 29 February.
    public var isLeap: Bool { CivilMonth(year: number, month: 2).length == 29 }
}
