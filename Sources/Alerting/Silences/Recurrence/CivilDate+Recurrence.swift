import CivilCalendar

extension CivilDate {
    /// The date that the first three numbers of a text name; nil where the calendar has no such day, or the year is not
    /// one of those that a recurrence may have, 1970 to 9999.
    init?(recurrence numbers: [Int]) {
        guard 1970...9999 ~= numbers[0] else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}
