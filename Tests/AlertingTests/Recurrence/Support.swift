import Foundation
import Alerting

/// A moment from text such as 2026-03-29T01:30:00Z.
func moment(_ text: String) throws -> Timestamp {
    Timestamp(milliseconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970) * 1000)
}

/// A moment as text such as 2026-03-29T01:30:00Z.
func text(_ moment: Timestamp) -> String {
    Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000).formatted(.iso8601)
}

/// What the clock of a zone shows at a moment, e.g. 2026-03-29T03:30; by Foundation's calendar.
func wallClock(_ moment: Timestamp, in zone: String) throws -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
    let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute], from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
    func padded(_ number: Int?) -> String { String((number ?? 0) + 10_000).suffix(2).description }
    let day = "\(parts.year ?? 0)-\(padded(parts.month))-\(padded(parts.day))"
    return "\(day)T\(padded(parts.hour)):\(padded(parts.minute))"
}

let earliestMoment = Timestamp(milliseconds: .min)
let latestMoment = Timestamp(milliseconds: .max)

extension Recurrence {
    /// The first windows, at most that many, of a recurrence whose windows do not overlap.
    func windows(from first: Timestamp = earliestMoment, limit: Int) -> [Window] {
        var windows: [Window] = []
        var from = first
        while windows.count < limit, let window = window(atOrAfter: from) {
            windows.append(window)
            from = window.end
        }
        return windows
    }
}
