import Alerting
import WireJSON

/// A notification of Nagios or Icinga as PagerDuty's script `pagerduty_nagios.pl` posts it: the macros as a form
/// (`application/x-www-form-urlencoded`). It becomes a V1 event with the dedup key and the summary of `pd-nagios`, PagerDuty's
/// later program, so that either may resolve what the other triggered. docs/senders.md has the fields.
struct NagiosForm: Sendable {
    /// Whether a value was not UTF-8 and was read as ISO 8859-1.
    let isLatin1: Bool
    /// The fields in their order that are not blank; of two with one name the last.
    private let fields: [JSONValue.Member]

    /// Reads a form. Nil if it has no fields.
    init?(_ body: [UInt8]) {
        var isLatin1 = false
        var places: [String: Int] = [:]
        var fields: [JSONValue.Member] = []
        let text = { (encoded: ArraySlice<UInt8>) in
            let bytes = PercentEncoding.decode(encoded, plusIsSpace: true)
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            isLatin1 = true
            return String(decoding: Latin1.utf8(bytes), as: UTF8.self)
        }
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let (name, value) = (text(parts[0]), text(parts[1]))
            if let place = places[name] {
                fields[place].value = .string(value)
            } else {
                places[name] = fields.count
                fields.append(JSONValue.Member(name, .string(value)))
            }
        }
        guard !fields.isEmpty else { return nil }
        self.isLatin1 = isLatin1
        self.fields = fields.filter { !Text.isBlank($0.value.stringValue ?? "") }
    }

    /// The V1 event as a body. It holds all fields as its details but for the integration key, which is no detail.
    func v1Body() -> [UInt8] {
        let details = fields.filter { !NagiosForm.keyFields.contains(NagiosForm.macro($0.name)) }
        let members: [(String, JSONValue?)] = [
            ("service_key", value(NagiosForm.keyFields).map { .string($0) }),
            ("event_type", eventType.map { .string($0) }),
            ("incident_key", incidentKey.map { .string($0) }),
            ("description", description.map { .string($0) }),
            ("client", value(["client"]).map { .string($0) }),
            ("client_url", value(["client_url"]).map { .string($0) }),
            ("details", .object(details)),
        ]
        return JSONValue.object(
            members.compactMap { name, value in value.map { JSONValue.Member(name, $0) } }
        ).serialized()
    }

    /// Adds what V1 has no member for, and what is missing of the fields that name the thing.
    func complete(_ draft: inout AlertDraft, _ action: EventAction?) {
        guard let action else { return }
        if value(["incident_key"]) == nil {
            let missing = (isService ? ["HOSTNAME", "SERVICEDESC"] : ["HOSTNAME"]).filter { value([$0]) == nil }
            if !missing.isEmpty { draft.errors = missing.map { "\($0) is missing or blank" } }
        }
        draft.data.source = host.map { Text.cut($0, EventLimits.maximumSummaryScalars) }
        if isService { draft.data.component = service }
        if action == .trigger { draft.data.severity = severity }
    }

    // MARK: Fields

    /// The contact's `pager` is where the script's manual puts the key.
    private static let keyFields = ["service_key", "CONTACTPAGER"]

    /// The name of a field without the prefix that macros have in the environment.
    private static func macro(_ name: String) -> String {
        for prefix in ["NAGIOS_", "ICINGA_"] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }

    /// The value of the first of these fields that is there.
    private func value(_ names: [String]) -> String? {
        for name in names {
            if let field = fields.first(where: { NagiosForm.macro($0.name) == name }) { return field.value.stringValue }
        }
        return nil
    }

    private var host: String? { value(["HOSTNAME"]) }
    private var service: String? { value(["SERVICEDESC"]) }
    private var state: String? { value([isService ? "SERVICESTATE" : "HOSTSTATE"]) }

    private var isService: Bool {
        switch value(["event_source", "pd_nagios_object"]) {
        case "service": true
        case "host": false
        default: service != nil
        }
    }

    /// V1's word for a notification; what is none (flapping, downtime, custom ones) as it came, to be refused.
    private var eventType: String? {
        guard let type = value(["event_type", "NOTIFICATIONTYPE", "msg_type"]) else { return nil }
        return switch type.uppercased() {
        case "PROBLEM", "TRIGGER": "trigger"
        case "ACKNOWLEDGEMENT", "ACKNOWLEDGE": "acknowledge"
        case "RECOVERY", "RESOLVE": "resolve"
        default: type
        }
    }

    private var incidentKey: String? {
        if let given = value(["incident_key"]) { return given }
        guard let host else { return nil }
        guard isService else { return "event_source=host;host_name=\(host)" }
        return service.map { "event_source=service;host_name=\(host);service_desc=\($0)" }
    }

    private var description: String? {
        if let given = value(["description"]) { return given }
        let names = isService ? ["SERVICEDESC", "SERVICESTATE", "HOSTNAME"] : ["HOSTNAME", "HOSTSTATE"]
        let parts = names.compactMap { name in value([name]).map { "\(name)=\($0)" } }
        return parts.isEmpty ? nil : Text.cut(parts.joined(separator: "; "), EventLimits.maximumSummaryScalars)
    }

    /// Nil for the integration's own.
    private var severity: Severity? {
        switch state?.uppercased() {
        case "CRITICAL", "DOWN": .critical
        case "UNKNOWN", "UNREACHABLE": .error
        case "WARNING": .warning
        default: nil
        }
    }
}
