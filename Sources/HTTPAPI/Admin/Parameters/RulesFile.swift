import Alerting
import Pipeline
import WireJSON

/// A file of rules to try: an object in JSON with `services`, `silences` and `inhibition_rules`, each an array of what the
/// admin API takes for one (docs/noise.md). Services are found by `id` or `name`; silences have no time, they are in force
/// throughout. What is unknown is refused.
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

    /// Reads a file's bytes. `services` are those that there are. Throws `Invalid`.
    public static func rules(_ bytes: [UInt8], services: [Service]) throws(Invalid) -> SimulationRules {
        do throws(AdminError) {
            let file = try OwnObject<Member>(try RequestBody.parse(bytes), at: "")
            var rules = SimulationRules()
            for (place, element) in (try file.elements(.services) ?? []).enumerated() {
                let path = "\(file.path(.services))[\(place)]"
                _ = try OwnObject<ServiceMember>(element, at: path)
                let update = try ServiceChanges.noiseUpdate(element, at: path)
                guard update != ServiceUpdate() else {
                    throw .missingArguments(
                        "\(path): none of alert_grouping_parameters, flap_detection and storm_detection is there")
                }
                rules.services[try service(element, among: services)] = update
            }
            if let silences = try file.objects(.silences, SilenceMember.self) {
                rules.silences = []
                for object in silences { rules.silences?.append(try silence(object, among: services)) }
            }
            if let objects = try file.objects(.inhibitionRules, InhibitionRuleChanges.Member.self) {
                rules.inhibitionRules = []
                for object in objects {
                    var draft = try InhibitionRuleChanges.draft(of: object)
                    draft.serviceID = try scope(object.member(.service), among: services)
                    rules.inhibitionRules?.append(draft)
                }
            }
            return rules
        } catch {
            throw Invalid(description: ([error.message] + error.details).joined(separator: ": "))
        }
    }

    private enum Member: String, CaseIterable {
        case services, silences
        case inhibitionRules = "inhibition_rules"
    }

    private enum ServiceMember: String, CaseIterable {
        case id, name, type
        case alertGrouping = "alert_grouping_parameters"
        case flapDetection = "flap_detection"
        case stormDetection = "storm_detection"
    }

    private enum SilenceMember: String, CaseIterable {
        case type, service, matchers, maintenance, comment
    }

    private static func silence(
        _ object: OwnObject<SilenceMember>, among services: [Service]
    ) throws(AdminError) -> SilenceDraft {
        try object.requireType("silence")
        let isMaintenance = try object.flag(.maintenance) ?? false
        let elements = try object.elements(.matchers) ?? []
        let matchers =
            isMaintenance && elements.isEmpty ? nil : try MatcherLists.matchers(.matchers, of: object)
        guard isMaintenance == (matchers == nil) else {
            throw .invalidInput(
                "\(object.path(.matchers)): give either at least one matcher or \"maintenance\": true with a service")
        }
        return SilenceDraft(
            serviceID: try scope(object.member(.service), among: services), matchers: matchers ?? [],
            window: Recurrence.Window(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 1)),
            comment: try SilenceChanges.comment(.comment, of: object) ?? "", isMaintenance: isMaintenance)
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
