import WireJSON

/// The places, in a body, of the members that any version of the event knows. Of two members with one name the last
/// counts; an object inside `payload` replaces the earlier one as a whole.
struct EventMembers: Sendable {
    var routingKey: JSONToken?
    var serviceKey: JSONToken?
    var eventAction: JSONToken?
    var eventType: JSONToken?
    var dedupKey: JSONToken?
    var incidentKey: JSONToken?
    var description: JSONToken?
    var details: JSONToken?
    var client: JSONToken?
    var clientURL: JSONToken?
    var contexts: JSONToken?
    var links: JSONToken?
    var images: JSONToken?
    /// Nil unless `payload` is an object.
    var payload: Payload?

    struct Payload: Sendable {
        var summary: JSONToken?
        var source: JSONToken?
        var severity: JSONToken?
        var timestamp: JSONToken?
        var component: JSONToken?
        var group: JSONToken?
        var `class`: JSONToken?
        var customDetails: JSONToken?
    }

    /// Validates the whole body and finds its members, in one pass.
    init(scanning body: [UInt8]) throws(JSONError) {
        self = try body.withUnsafeBufferPointer { buffer throws(JSONError) in
            var scanner = JSONScanner(UnsafeRawBufferPointer(buffer))
            let members = try EventMembers(&scanner)
            try scanner.finish()
            return members
        }
    }

    private init(_ scanner: inout JSONScanner) throws(JSONError) {
        try scanner.enterObject()
        while let token = try scanner.nextMember() {
            switch scanner.name(token) {
            case "routing_key": routingKey = try scanner.value()
            case "service_key": serviceKey = try scanner.value()
            case "event_action": eventAction = try scanner.value()
            case "event_type": eventType = try scanner.value()
            case "dedup_key": dedupKey = try scanner.value()
            case "incident_key": incidentKey = try scanner.value()
            case "description": description = try scanner.value()
            case "details": details = try scanner.value()
            case "client": client = try scanner.value()
            case "client_url": clientURL = try scanner.value()
            case "contexts": contexts = try scanner.value()
            case "links": links = try scanner.value()
            case "images": images = try scanner.value()
            case "payload":
                payload = nil
                if try scanner.nextKind() == .object {
                    payload = try Payload(&scanner)
                } else {
                    _ = try scanner.value()
                }
            default: _ = try scanner.value()
            }
        }
    }
}

extension EventMembers.Payload {
    fileprivate init(_ scanner: inout JSONScanner) throws(JSONError) {
        try scanner.enterObject()
        while let token = try scanner.nextMember() {
            switch scanner.name(token) {
            case "summary": summary = try scanner.value()
            case "source": source = try scanner.value()
            case "severity": severity = try scanner.value()
            case "timestamp": timestamp = try scanner.value()
            case "component": component = try scanner.value()
            case "group": group = try scanner.value()
            case "class": `class` = try scanner.value()
            case "custom_details": customDetails = try scanner.value()
            default: _ = try scanner.value()
            }
        }
    }
}
