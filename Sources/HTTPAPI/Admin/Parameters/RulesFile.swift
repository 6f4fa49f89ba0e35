import Alerting
import Pipeline
import WireJSON

/// A file of rules to try: an object in JSON with `services`, `silences` and `inhibition_rules`, each an array of what the
/// admin API takes for one (docs/noise.md). Services are found by `id` or `name`. A silence without times is in force
/// throughout. What is unknown is refused, and what a simulation cannot do is an error, never left out.
public enum RulesFile {
    /// That a file cannot be used, and why.
    public struct Invalid: Error, Sendable, CustomStringConvertible {
        /// What is wrong.
        public var description: String

        /// A reason, for people.
        public init(description: String) {
            self.description = description
        }
    }

    /// Reads a file's bytes. `services` are those that exist. Throws `Invalid`, which names the rule that is wrong.
    public static func rules(_ bytes: [UInt8], services: [Service]) throws(Invalid) -> SimulationRules {
        let file: OwnObject<Member>
        do throws(AdminError) {
            file = try OwnObject<Member>(try RequestBody.parse(bytes), at: "")
        } catch {
            throw Invalid(error)
        }
        var rules = SimulationRules()
        try each(.services, in: file) { element, path throws(AdminError) in
            _ = try OwnObject<ServiceMember>(element, at: path)
            let update = try ServiceChanges.noiseUpdate(element, at: path)
            guard update != ServiceUpdate() else {
                throw .missingArguments(
                    "none of alert_grouping_parameters, flap_detection and storm_detection is there")
            }
            let id = try service(element, among: services)
            try requireUnchanged(element, services.first { $0.id == id })
            guard rules.services.updateValue(update, forKey: id) == nil else {
                throw .invalidInput("the service is there twice")
            }
        }
        if file.member(.silences) != nil { rules.silences = [] }
        try each(.silences, in: file) { element, path throws(AdminError) in
            rules.silences?.append(try silence(try OwnObject<SilenceMember>(element, at: path), among: services))
        }
        if file.member(.inhibitionRules) != nil { rules.inhibitionRules = [] }
        try each(.inhibitionRules, in: file) { element, path throws(AdminError) in
            try requireSimulated(element, unsupported: ["deleted_at": "the rule is deleted"])
            let object = try OwnObject<InhibitionRuleChanges.Member>(element, at: path)
            var draft = try InhibitionRuleChanges.draft(of: object)
            draft.serviceID = try scope(object.member(.service), among: services)
            rules.inhibitionRules?.append(draft)
        }
        return rules
    }

    private enum Member: String, CaseIterable {
        case services, silences
        case inhibitionRules = "inhibition_rules"
    }

    /// The members of a service; those that are not simulated have to be as they are.
    private enum ServiceMember: String, CaseIterable {
        case id, name, type, status
        case alertGrouping = "alert_grouping_parameters"
        case flapDetection = "flap_detection"
        case stormDetection = "storm_detection"
        case acknowledgementTimeout = "acknowledgement_timeout"
        case autoResolveTimeout = "auto_resolve_timeout"
    }

    /// The members of a silence: those that are simulated, and those of one that the API shows.
    private enum SilenceMember: String, CaseIterable {
        case type, service, matchers, maintenance, comment, recurrence, duration, incident
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case untilTime = "until_time"
        case timeZone = "time_zone"
        case id, status, summary, `self`
        case htmlURL = "html_url"
        case createdAt = "created_at"
        case createdBy = "created_by"
        case endedAt = "ended_at"
        case endedBy = "ended_by"
        case alertCounts = "alert_counts"
    }

    private static let silenceEnd = SilenceChanges.EndMembers<SilenceMember>(
        endsAt: .endsAt, duration: .duration, untilTime: .untilTime, timeZone: .timeZone)

    /// Reads each element of a list, and names the one that is wrong.
    private static func each(
        _ member: Member, in file: OwnObject<Member>, _ read: (JSONValue, String) throws(AdminError) -> Void
    ) throws(Invalid) {
        guard let value = file.member(member) else { return }
        guard let elements = value.arrayValue else { throw Invalid(description: "\(member.rawValue) must be an array") }
        for (place, element) in elements.enumerated() {
            do throws(AdminError) {
                try RequestBody.requireObject(element, "must be an object")
                try read(element, "\(member.rawValue)[\(place)]")
            } catch {
                let title = element["comment"]?.stringValue ?? element["name"]?.stringValue ?? ""
                throw Invalid(
                    description: "\(SimulationError.rule(member.rawValue, place, title)): \(Invalid(error).description)"
                )
            }
        }
    }

    // MARK: What is not simulated

    private static let unsimulatedOfSilences: [(SilenceMember, String)] = [
        (.incident, "a simulation makes no silence from an incident; give its matchers"),
        (.endedAt, "the silence has ended; leave it out"),
    ]

    /// Fails where an element asks for something that a simulation would leave out.
    private static func requireSimulated(
        _ element: JSONValue, unsupported: [String: String]
    ) throws(AdminError) {
        for member in element.objectValue ?? [] where !member.value.isNull {
            if let reason = unsupported[member.name] {
                throw .invalidInput("\(member.name) is not simulated: \(reason)")
            }
        }
    }

    /// Fails where a service asks for another setting than it has that is not simulated.
    private static func requireUnchanged(_ element: JSONValue, _ service: Service?) throws(AdminError) {
        for (name, current) in [
            ("acknowledgement_timeout", service?.acknowledgementTimeout),
            ("auto_resolve_timeout", service?.autoResolveTimeout),
        ] {
            guard let value = element[name] else { continue }
            guard value.isNull ? current == nil : value.integerValue == current else {
                throw .invalidInput("\(name) is not simulated: it stays as it is on the service; leave it out")
            }
        }
        if let status = element.member("status")?.stringValue, (status == "disabled") != (service?.disabledAt != nil) {
            throw .invalidInput("status is not simulated: it stays as it is on the service; leave it out")
        }
    }

    // MARK: Rules

    private static func silence(
        _ object: OwnObject<SilenceMember>, among services: [Service]
    ) throws(AdminError) -> SilenceDraft {
        try object.requireType("silence")
        for (member, reason) in unsimulatedOfSilences where object.member(member) != nil {
            throw .invalidInput("\(member.rawValue) is not simulated: \(reason)")
        }
        let isMaintenance = try object.flag(.maintenance) ?? false
        let elements = try object.elements(.matchers) ?? []
        let matchers =
            isMaintenance && elements.isEmpty ? nil : try MatcherLists.matchers(.matchers, of: object)
        guard isMaintenance == (matchers == nil) else {
            throw .invalidInput(
                "\(object.path(.matchers)): give either at least one matcher or \"maintenance\": true with a service")
        }
        let recurrence = try SilenceChanges.recurrence(
            try object.object(.recurrence, SilenceChanges.RecurrenceMember.self))
        return SilenceDraft(
            serviceID: try scope(object.member(.service), among: services), matchers: matchers ?? [],
            window: try window(object, isRecurrent: recurrence != nil), recurrence: recurrence,
            comment: try SilenceChanges.comment(.comment, of: object) ?? "", isMaintenance: isMaintenance)
    }

    /// The window of a silence: `starts_at` with an end as the REST API takes it. Without any of them it is in force
    /// throughout. An end without a start would count from now, where a simulation ends.
    private static func window(
        _ object: OwnObject<SilenceMember>, isRecurrent: Bool
    ) throws(AdminError) -> Recurrence.Window {
        // A silence that the API shows has the window that is in force, or comes next, beside its recurrence.
        let isShown = object.member(.id) != nil && object.member(.duration) == nil
        if isRecurrent, isShown { return .always }
        guard let given = ([.startsAt] + silenceEnd.ends).first(where: { object.member($0) != nil }) else {
            return .always
        }
        guard !isRecurrent else {
            throw .invalidInput("\(given.rawValue) is not simulated beside a recurrence, which has times of its own")
        }
        guard let start = try SilenceChanges.moment(.startsAt, of: object, nil) else {
            throw .invalidInput(
                "\(given.rawValue) is not simulated without starts_at; without any time the silence is in force throughout"
            )
        }
        guard let end = try SilenceChanges.end(object, silenceEnd, from: start, nil) else {
            let ends = silenceEnd.ends.map(\.rawValue).joined(separator: " or ")
            throw .invalidInput("starts_at is not simulated without an end: give \(ends)")
        }
        guard start < end else { throw .invalidInput("the window must end after it starts") }
        return Recurrence.Window(start: start, end: end)
    }

    private static func scope(_ value: JSONValue?, among services: [Service]) throws(AdminError) -> ServiceID? {
        guard let value else { return nil }
        return try service(value, among: services)
    }

    private static func service(_ element: JSONValue, among services: [Service]) throws(AdminError) -> ServiceID {
        let id = element.member("id")?.stringValue ?? ""
        let name = element.member("name")?.stringValue ?? element.stringValue ?? ""
        let found = services.first { service in
            service.deletedAt == nil
                && (ExternalID.string(.service, service.id) == id || service.name.utf8.elementsEqual(name.utf8))
        }
        guard let found else { throw .invalidInput("unknown service: \(id.isEmpty ? name : id)") }
        return found.id
    }
}

extension RulesFile.Invalid {
    init(_ error: AdminError) {
        description = ([error.message] + error.details).joined(separator: ": ")
    }
}
