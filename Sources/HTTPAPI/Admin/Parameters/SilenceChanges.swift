import Alerting
import WireJSON

/// Reads the bodies of writes on silences.
enum SilenceChanges {
    /// What a silence that is asked for is made of.
    enum NewMember: String, CaseIterable {
        case type, service, incident, matchers, maintenance, duration, recurrence, comment
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case untilTime = "until_time"
        case timeZone = "time_zone"
    }

    /// The members that say when a window ends, one of them at a time; `timeZone` goes with `untilTime`.
    struct EndMembers<Member>: Sendable where Member: Sendable {
        var endsAt: Member
        var duration: Member
        var untilTime: Member
        var timeZone: Member

        /// The three that exclude each other.
        var ends: [Member] { [endsAt, duration, untilTime] }
    }

    private static let newEnd = EndMembers<NewMember>(
        endsAt: .endsAt, duration: .duration, untilTime: .untilTime, timeZone: .timeZone)
    private static let updatedEnd = EndMembers<UpdateMember>(
        endsAt: .endsAt, duration: .duration, untilTime: .untilTime, timeZone: .timeZone)

    /// What makes a silence come back.
    enum RecurrenceMember: String, CaseIterable {
        case rule, duration, exdates
        case untilTime = "until_time"
        case timeZone = "time_zone"
        case localStart = "local_start"
    }

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
        let object = try OwnObject<NewMember>("silence", inBody: body)
        try object.requireType("silence")
        let incident = try object.reference(.incident, .incident, unknown: .unknownIncident)
        let isMaintenance = try object.flag(.maintenance) ?? false
        let matchers = try matchers(object, isMaintenance: isMaintenance, isOfIncident: incident != nil)
        let recurrence = try recurrence(try object.object(.recurrence, RecurrenceMember.self))
        let draft = SilenceDraft(
            serviceID: try object.reference(.service, .service, unknown: .unknownService), matchers: matchers ?? [],
            window: try window(object, recurrence, isOfIncident: incident != nil, at: now, times),
            recurrence: recurrence, comment: try comment(.comment, of: object) ?? "", isMaintenance: isMaintenance)
        guard !isMaintenance || draft.serviceID != nil else {
            throw .invalidInput("silence.service is missing: maintenance is of a service")
        }
        return Wish(draft: draft, incidentID: incident, hasMatchers: matchers?.isEmpty == false)
    }

    /// The matchers, which only maintenance and a silence of an incident can do without; nil if absent.
    private static func matchers(
        _ object: OwnObject<NewMember>, isMaintenance: Bool, isOfIncident: Bool
    ) throws(AdminError) -> [LabelMatcher]? {
        guard isMaintenance else {
            if let matchers = try MatcherLists.matchers(.matchers, of: object) { return matchers }
            guard isOfIncident else {
                throw .invalidInput(
                    "silence.matchers is missing; give at least one, or \"maintenance\": true for all alerts of a service"
                )
            }
            return nil
        }
        guard !isOfIncident else { throw .invalidInput("silence.maintenance and silence.incident exclude each other") }
        guard try object.elements(.matchers)?.isEmpty ?? true else {
            throw .invalidInput("silence.maintenance is for all alerts of a service; leave out silence.matchers")
        }
        return nil
    }

    /// Why, in a member; nil if absent.
    static func comment<Member>(_ member: Member, of object: OwnObject<Member>) throws(AdminError) -> String? {
        guard let text = try object.string(member) else { return nil }
        guard TextLimit.comment.allows(text) else {
            let maximum = TextLimit.comment.maximum
            throw .invalidInput("\(object.path(member)) is too long (maximum is \(maximum) characters)")
        }
        return text
    }

    // MARK: Times

    /// A recurrence, as text or text with members beside it.
    static func recurrence(_ object: OwnObject<RecurrenceMember>?) throws(AdminError) -> Recurrence? {
        guard let object else { return nil }
        guard let rule = try object.string(.rule) else { throw .missingArguments("recurrence must have a rule") }
        let zone = try object.string(.timeZone)
        let start = try object.string(.localStart)
        let duration = try object.integer(.duration)
        let untilTime = try object.string(.untilTime)
        let exdates = try object.strings(.exdates) ?? []
        do throws(RecurrenceError) {
            return try Recurrence(
                rule: rule, timeZone: zone, localStart: start, duration: duration, untilTime: untilTime,
                exdates: exdates)
        } catch {
            throw invalid(error, in: "recurrence: ")
        }
    }

    private static func invalid(_ error: RecurrenceError, in place: String) -> AdminError {
        let names: [RecurrenceError.Member: String] = [
            .timeZone: "time_zone", .localStart: "local_start", .untilTime: "until_time",
        ]
        return .invalidInput("\(place)\(names[error.member] ?? error.member.rawValue) \(error.expectation)")
    }

    private static func window(
        _ object: OwnObject<NewMember>, _ recurrence: Recurrence?, isOfIncident: Bool, at now: Timestamp,
        _ times: TimeParameters
    ) throws(AdminError) -> Recurrence.Window {
        if let recurrence {
            guard ([.startsAt] + newEnd.ends).allSatisfy({ object.member($0) == nil }) else {
                throw .invalidInput(
                    "A silence with a recurrence has no starts_at, ends_at, duration and until_time of its own")
            }
            guard let window = recurrence.window(atOrAfter: now) else {
                throw .invalidInput("recurrence: all of its windows are over")
            }
            return window
        }
        let start = try moment(.startsAt, of: object, times) ?? now
        if let end = try end(object, newEnd, from: max(start, now), times) {
            return Recurrence.Window(start: start, end: end)
        }
        guard isOfIncident else { throw .missingArguments("ends_at, duration or until_time is missing") }
        return Recurrence.Window(start: start, end: max(start, now).adding(seconds: DurationLimit.usualIncidentSilence))
    }

    /// The end that an object asks for: a moment, seconds after the start, or the next time of day after it by the clock of
    /// `time_zone`. Nil if it has none.
    static func end<Member>(
        _ object: OwnObject<Member>, _ members: EndMembers<Member>, from start: Timestamp, _ times: TimeParameters?
    ) throws(AdminError) -> Timestamp? {
        guard members.ends.count(where: { object.member($0) != nil }) < 2 else {
            throw .invalidInput("\(members.ends.map(\.rawValue).joined(separator: ", ")) exclude each other")
        }
        if let text = try object.string(members.untilTime) {
            guard let time = ClockTime(text) else {
                throw .invalidInput("\(object.path(members.untilTime)) must be a time of day as HH:MM[:SS]")
            }
            let zone = try object.string(members.timeZone)
            do throws(RecurrenceError) {
                return try time.next(after: start, timeZone: zone ?? times?.zoneName ?? "UTC")
            } catch {
                throw invalid(error, in: "")
            }
        }
        guard object.member(members.timeZone) == nil else {
            throw .invalidInput(
                "\(object.path(members.timeZone)) goes with until_time only; a recurrence has its own")
        }
        guard let seconds = try object.integer(members.duration) else {
            return try moment(members.endsAt, of: object, times)
        }
        guard DurationLimit.silence.allows(seconds) else {
            throw .invalidInput(
                "\(object.path(members.duration)) must be \(DurationLimit.silence)")
        }
        return start.adding(seconds: seconds)
    }

    /// The moment in a member; nil if absent.
    static func moment<Member>(
        _ member: Member, of object: OwnObject<Member>, _ times: TimeParameters?
    ) throws(AdminError) -> Timestamp? {
        guard let text = try object.string(member) else { return nil }
        guard let moment = TimeParameters.moment(text, in: times?.zone) else {
            throw .invalidInput("\(object.path(member)) must be a time in ISO 8601")
        }
        return moment
    }

    // MARK: Updates

    /// The members of a silence as it is shown. A client may send the whole of it back with another end or comment.
    enum UpdateMember: String, CaseIterable {
        case type, duration, comment
        case endsAt = "ends_at"
        case untilTime = "until_time"
        case timeZone = "time_zone"
        // What cannot be changed; it has to be as it is.
        case id, status, service, matchers, maintenance, recurrence
        case startsAt = "starts_at"
        // What follows from the rest.
        case summary, `self`
        case htmlURL = "html_url"
        case createdAt = "created_at"
        case createdBy = "created_by"
        case endedAt = "ended_at"
        case endedBy = "ended_by"
        case alertCounts = "alert_counts"
    }

    /// A change of a silence, and what the body says of members that cannot be changed.
    struct Update: Sendable {
        var update: SilenceUpdate
        private var fixed: OwnObject<UpdateMember>
        private var times: TimeParameters

        /// The change in the body of `PUT /silences/{id}`: another end, another comment.
        init(_ body: [UInt8], at now: Timestamp, _ times: TimeParameters) throws(AdminError) {
            let object = try OwnObject<UpdateMember>("silence", inBody: body)
            try object.requireType("silence")
            update = SilenceUpdate(
                end: try SilenceChanges.end(object, updatedEnd, from: now, times),
                comment: try SilenceChanges.comment(.comment, of: object))
            fixed = object
            self.times = times
        }

        /// Whether the body says anything of members that cannot be changed.
        var hasFixedMembers: Bool {
            [.id, .status, .service, .matchers, .maintenance, .recurrence, .startsAt].contains { fixed.has($0) }
        }

        /// Fails where the body would change what cannot be changed.
        func requireUnchanged(_ silence: Silence, at now: Timestamp) throws(AdminError) {
            try require(.id, try fixed.string(.id) == ExternalID.string(.silence, silence.id))
            try require(.status, try fixed.string(.status) == silence.status(at: now).rawValue)
            try require(
                .service,
                try fixed.reference(.service, .service, unknown: .unknownService) == silence.serviceID)
            if let elements = try fixed.elements(.matchers), elements.isEmpty {
                try require(.matchers, silence.matchers.matchers.isEmpty)
            } else {
                try require(.matchers, try MatcherLists.matchers(.matchers, of: fixed) == silence.matchers.matchers)
            }
            try require(.maintenance, try fixed.flag(.maintenance) == silence.isMaintenance)
            let recurrence = try SilenceChanges.recurrence(
                try fixed.object(.recurrence, RecurrenceMember.self))
            try require(.recurrence, recurrence == silence.recurrence)
            // Times are shown to the second.
            let start = try SilenceChanges.moment(.startsAt, of: fixed, times)?.milliseconds
            try require(.startsAt, start.map { $0 / 1000 } == silence.window.start.milliseconds / 1000)
        }

        private func require(_ member: UpdateMember, _ isSame: Bool) throws(AdminError) {
            guard fixed.has(member), !isSame else { return }
            throw .invalidInput(
                "\(fixed.path(member)) cannot be changed; end this silence with DELETE and create another one")
        }
    }
}
