import Alerting
import WireJSON

/// Reads the bodies of writes on silences.
enum SilenceChanges {
    private static let maximumCommentScalars = 1024
    /// How long a silence may be asked for with `duration`, in seconds: up to 366 days.
    private static let durations: ClosedRange<Int64> = 1...31_622_400
    /// How long a silence of an incident is, unless it is told, in seconds.
    private static let incidentDuration: Int64 = 86_400

    /// A silence that is asked for. Of one that is made from an incident, matchers and service come from there.
    struct Wish: Sendable {
        var draft: SilenceDraft
        var incidentID: IncidentID?
        /// Whether the body has matchers of its own.
        var hasMatchers: Bool
    }

    /// The silence in the body of `POST /silences` and `POST /silences/preview`.
    static func wish(
        _ body: [UInt8], at now: Timestamp, _ times: TimeParameters
    ) throws(AdminError) -> Wish {
        let element = try RequestBody.object("silence", in: body, called: "Silence")
        try element.requireType("silence")
        let incident = try element.reference("incident", .incident, unknown: .unknownIncident)
        let matchers = try MatcherLists.matchers(element.member("matchers"), called: "matchers")
        let recurrence = try recurrence(element.member("recurrence"))
        let draft = SilenceDraft(
            serviceID: try element.reference("service", .service, unknown: .unknownService), matchers: matchers ?? [],
            window: try window(element, recurrence, isOfIncident: incident != nil, at: now, times),
            recurrence: recurrence, comment: try comment(element) ?? "")
        return Wish(draft: draft, incidentID: incident, hasMatchers: matchers?.isEmpty == false)
    }

    /// The change in the body of `PUT /silences/{id}`: another end, another comment.
    static func update(
        _ body: [UInt8], at now: Timestamp, _ times: TimeParameters
    ) throws(AdminError) -> SilenceUpdate {
        let element = try RequestBody.object("silence", in: body, called: "Silence")
        try element.requireType("silence")
        return SilenceUpdate(end: try end(element, from: now, times), comment: try comment(element))
    }

    /// Why, in the member `comment`; nil where absent.
    static func comment(_ element: JSONValue) throws(AdminError) -> String? {
        guard let value = element.member("comment") else { return nil }
        guard let text = value.stringValue, text.unicodeScalars.count <= maximumCommentScalars else {
            throw .invalidInput("Comment must be a string (maximum is \(maximumCommentScalars) characters)")
        }
        return text
    }

    // MARK: Times

    private static func recurrence(_ value: JSONValue?) throws(AdminError) -> Recurrence? {
        guard let value else { return nil }
        guard let rule = value.member("rule")?.stringValue, let start = value.member("local_start")?.stringValue,
            let duration = value.member("duration")?.integerValue
        else {
            throw .missingArguments("recurrence must have rule, local_start and duration")
        }
        do throws(RecurrenceError) {
            return try Recurrence(
                rule: rule, timeZone: value.member("time_zone")?.stringValue ?? "UTC", localStart: start,
                duration: duration)
        } catch {
            let name = [.timeZone: "time_zone", .localStart: "local_start"][error.member] ?? error.member.rawValue
            throw .invalidInput("recurrence: \(name) \(error.expectation)")
        }
    }

    private static func window(
        _ element: JSONValue, _ recurrence: Recurrence?, isOfIncident: Bool, at now: Timestamp, _ times: TimeParameters
    ) throws(AdminError) -> Recurrence.Window {
        if let recurrence {
            guard ["starts_at", "ends_at", "duration"].allSatisfy({ element.member($0) == nil }) else {
                throw .invalidInput("A silence with a recurrence has no starts_at, ends_at and duration of its own")
            }
            guard let window = recurrence.window(atOrAfter: now) else {
                throw .invalidInput("recurrence: all of its windows are over")
            }
            return window
        }
        let start = try moment("starts_at", in: element, times) ?? now
        if let end = try end(element, from: max(start, now), times) { return Recurrence.Window(start: start, end: end) }
        guard isOfIncident else { throw .missingArguments("ends_at or duration is missing") }
        return Recurrence.Window(start: start, end: max(start, now).adding(seconds: incidentDuration))
    }

    private static func end(
        _ element: JSONValue, from start: Timestamp, _ times: TimeParameters
    ) throws(AdminError) -> Timestamp? {
        let end = try moment("ends_at", in: element, times)
        guard let duration = element.member("duration") else { return end }
        guard end == nil else { throw .invalidInput("ends_at and duration exclude each other") }
        guard let seconds = duration.integerValue, durations.contains(seconds) else {
            throw .invalidInput("duration must be \(durations.lowerBound) to \(durations.upperBound) seconds")
        }
        return start.adding(seconds: seconds)
    }

    private static func moment(
        _ name: String, in element: JSONValue, _ times: TimeParameters
    ) throws(AdminError) -> Timestamp? {
        guard let value = element.member(name) else { return nil }
        guard let moment = value.stringValue.flatMap({ TimeParameters.moment($0, in: times.zone) }) else {
            throw .invalidInput("\(name) must be a time in ISO 8601")
        }
        return moment
    }
}
