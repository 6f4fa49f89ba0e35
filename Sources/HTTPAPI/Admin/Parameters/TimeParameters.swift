import Alerting
import CivilCalendar
import EventsAPI
import Store
import TimeZones

/// `time_zone`, `since`, `until` and `date_range` (rest-api.md sections 3 and 5.1).
struct TimeParameters: Sendable {
    /// The zone that times are written in, and read in where they have none; nil is UTC.
    let zone: Zone?
    /// The name of the zone; nil is UTC.
    let zoneName: String?
    private let parameters: QueryParameters

    /// Reads the zone.
    init(_ parameters: QueryParameters) throws(AdminError) {
        self.parameters = parameters
        guard let name = parameters.text("time_zone") else {
            (zone, zoneName) = (nil, nil)
            return
        }
        guard let zone = ZoneDatabase.system[name] else {
            throw .invalidInput(
                ZoneDatabase.system.isEmpty
                    ? "time_zone must be UTC, as the gateway's machine has no time zone database."
                    : "time_zone must be the name of an IANA time zone.")
        }
        (self.zone, zoneName) = (zone, name)
    }

    /// The window that is asked for. Without `since` and `until` it is the month before `now` where `isLastMonth`, else
    /// all time.
    func window(now: Timestamp, isLastMonth: Bool) throws(AdminError) -> TimeWindow {
        let since = try moment("since")
        let until = try moment("until")
        if let since, let until, since > until { throw .invalidDateRange }
        var window = TimeWindow(since: since, until: until)
        // "Until now" needs no bound: nothing is later, and what was stored in this very millisecond belongs to it.
        if since == nil, isLastMonth { window.since = CivilTime.monthBefore(until ?? now) }
        return window
    }

    /// The window of `GET /incidents`, which `date_range=all` opens.
    func windowUnlessAll(now: Timestamp) throws(AdminError) -> TimeWindow {
        if parameters.text("date_range") == "all" { return .unbounded }
        return try window(now: now, isLastMonth: true)
    }

    private func moment(_ name: String) throws(AdminError) -> Timestamp? {
        guard let text = parameters.text(name) else { return nil }
        guard let moment = TimeParameters.moment(text, in: zone) else { throw .invalidTime }
        return moment
    }

    /// The moment in a text: the forms of events, and an offset whose `+` was decoded to a space.
    static func moment(_ text: String, in zone: Zone?) -> Timestamp? {
        var text = text
        if let mark = text.utf8.firstIndex(of: UInt8(ascii: "T")),
            let space = text.utf8[mark...].lastIndex(of: UInt8(ascii: " "))
        {
            text.replaceSubrange(space...space, with: "+")
        }
        guard let moment = TimestampParser.parse(text) else { return nil }
        guard let zone, !hasZone(text) else { return moment }
        let (second, millisecond) = floorDivision(moment.milliseconds, 1000)
        return Timestamp(milliseconds: zone.second(ofLocal: second) * 1000 + millisecond)
    }

    private static func hasZone(_ text: String) -> Bool {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "T")) else { return false }
        return text.utf8[mark...].contains { "Z+-".utf8.contains($0) }
    }

    /// Seconds east of Greenwich.
    static func offset(of zone: Zone, at moment: Timestamp) -> Int64 {
        Int64(zone.offset(at: floorDivision(moment.milliseconds, 1000).quotient))
    }
}
