/// The position of an event in the log. Every other number in the gateway is one of these: an incident, an alert, a
/// service has the number of the event that made it.
public typealias EventID = Int64
/// The event that opened the alert.
public typealias AlertID = Int64
/// The event that opened the incident; the incident's number.
public typealias IncidentID = Int64
/// The event that created the service.
public typealias ServiceID = Int64
/// The event that created the integration.
public typealias IntegrationID = Int64
/// The event that created the token.
public typealias TokenID = Int64
/// The event that created the silence.
public typealias SilenceID = Int64
/// The event that created the inhibition rule.
public typealias InhibitionRuleID = Int64
/// `event * 4096 + place`: the place of the entry among those that one event wrote.
public typealias LogEntryID = Int64

/// The kinds of resource that have an id of their own on the wire (rest-api.md section 3, "IDs").
public enum ResourceKind: Sendable, CaseIterable {
    case service, integration, token, note, incident, alert, logEntry, changeEvent, webhookSubscription
    case silence, inhibitionRule

    /// The letter that the id begins with.
    var prefix: UInt8 {
        switch self {
        case .service, .integration, .token, .note, .changeEvent, .webhookSubscription, .silence, .inhibitionRule:
            UInt8(ascii: "P")
        case .incident: UInt8(ascii: "Q")
        case .alert: UInt8(ascii: "A")
        case .logEntry: UInt8(ascii: "R")
        }
    }

    /// How many base-36 digits follow, at the least. A number too large for them gets as many as it needs.
    var digits: Int {
        switch self {
        case .service, .integration, .token, .note, .changeEvent, .webhookSubscription, .silence, .inhibitionRule: 6
        case .incident, .alert: 13
        case .logEntry: 25
        }
    }
}

/// Ids as they go over the wire: a letter and a number in base 36, `[A-Z0-9]` only.
public enum ExternalID {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    /// The id of the resource with that number, which is not negative.
    public static func string(_ kind: ResourceKind, _ number: Int64) -> String {
        precondition(number >= 0, "a resource has the number of an event")
        var digits: [UInt8] = []
        var rest = number
        repeat {
            digits.append(alphabet[Int(rest % 36)])
            rest /= 36
        } while rest > 0
        while digits.count < kind.digits { digits.append(UInt8(ascii: "0")) }
        digits.append(kind.prefix)
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// The number in an id of that kind, or nil where the text is no such id. Only the spelling that `string` gives is
    /// read: upper case, no missing or extra zeros.
    public static func number(_ kind: ResourceKind, _ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count > kind.digits, bytes[0] == kind.prefix else { return nil }
        guard bytes.count == kind.digits + 1 || bytes[1] != UInt8(ascii: "0") else { return nil }
        var value: Int64 = 0
        for byte in bytes.dropFirst() {
            let digit: Int64
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = Int64(byte - UInt8(ascii: "A")) + 10
            default: return nil
            }
            let (product, overflow) = value.multipliedReportingOverflow(by: 36)
            let (sum, carried) = product.addingReportingOverflow(digit)
            guard !overflow, !carried else { return nil }
            value = sum
        }
        return value
    }
}
