import Alerting
import TimeZones
import WireJSON

/// How times are written in an answer: ISO 8601 in whole seconds, cut, not rounded. python-pagerduty reads no fraction.
struct TimeFormat: Sendable {
    /// The zone whose offset is written; nil is UTC. An offset of zero is written `Z`.
    var zone: Zone?

    /// A time.
    func json(_ moment: Timestamp) -> JSONValue {
        let offset = zone.map { TimeParameters.offset(of: $0, at: moment) } ?? 0
        return .string(TimeFormat.text(moment, offset: offset, showsMilliseconds: false))
    }

    /// A time, or null.
    func json(_ moment: Timestamp?) -> JSONValue {
        moment.map { json($0) } ?? .null
    }

    /// A sender's own time: UTC, with milliseconds where there are any.
    static func exact(_ moment: Timestamp?) -> JSONValue {
        moment.map { .string(text($0, offset: 0, showsMilliseconds: $0.milliseconds % 1000 != 0)) } ?? .null
    }

    private static func text(_ moment: Timestamp, offset: Int64, showsMilliseconds: Bool) -> String {
        let time = CivilTime(moment.adding(seconds: offset))
        let seconds = time.millisecondOfDay / 1000
        var text = "\(padded(time.date.month.year, 4))-\(padded(time.date.month.number))-\(padded(time.date.day))"
        text += "T\(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
        if showsMilliseconds { text += ".\(padded(time.millisecondOfDay % 1000, 3))" }
        guard offset != 0 else { return text + "Z" }
        let minutes = abs(offset) / 60
        return text + "\(offset < 0 ? "-" : "+")\(padded(minutes / 60)):\(padded(minutes % 60))"
    }

    private static func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
