import Alerting
import Pipeline
import WireJSON

/// A file of rules to try: an object in JSON with `services`, `silences` and `inhibition_rules`, each an array of what the
/// admin API takes for one (docs/noise.md). Services are found by `id` or `name`; silences have no time, they are in force
/// throughout.
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
            let file = try RequestBody.parse(bytes)
            try RequestBody.requireObject(file, "the file must hold an object")
            try requireKnown(file)
            var rules = SimulationRules()
            for element in try list("services", in: file) ?? [] {
                let update = try ServiceChanges.noiseUpdate(element)
                guard update != ServiceUpdate() else {
                    throw .missingArguments(
                        "services: none of alert_grouping_parameters, flap_detection and storm_detection is there")
                }
                rules.services[try service(element, among: services)] = update
            }
            if let silences = try list("silences", in: file) {
                rules.silences = []
                for element in silences { rules.silences?.append(try silence(element, among: services)) }
            }
            if let elements = try list("inhibition_rules", in: file) {
                rules.inhibitionRules = []
                for element in elements {
                    var draft = try InhibitionRuleChanges.draft(of: element)
                    draft.serviceID = try scope(element, among: services)
                    rules.inhibitionRules?.append(draft)
                }
            }
            return rules
        } catch {
            throw Invalid(description: ([error.message] + error.details).joined(separator: ": "))
        }
    }

    /// A slip in a name would try nothing, and not say so.
    private static func requireKnown(_ file: JSONValue) throws(AdminError) {
        for member in file.objectValue ?? [] where !["services", "silences", "inhibition_rules"].contains(member.name) {
            throw .invalidInput("\(member.name) is none of services, silences and inhibition_rules")
        }
    }

    private static func list(_ name: String, in file: JSONValue) throws(AdminError) -> [JSONValue]? {
        guard let value = file.member(name) else { return nil }
        guard let elements = value.arrayValue else { throw .invalidInput("\(name) must be an array") }
        for element in elements { try RequestBody.requireObject(element, "each of \(name) must be an object") }
        return elements
    }

    private static func silence(_ element: JSONValue, among services: [Service]) throws(AdminError) -> SilenceDraft {
        SilenceDraft(
            serviceID: try scope(element, among: services),
            matchers: try MatcherLists.matchers(element.member("matchers"), called: "matchers") ?? [],
            window: Recurrence.Window(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 1)),
            comment: try SilenceChanges.comment(element) ?? "")
    }

    private static func scope(_ element: JSONValue, among services: [Service]) throws(AdminError) -> ServiceID? {
        guard let value = element.member("service") else { return nil }
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
