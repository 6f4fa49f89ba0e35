import Alerting
import EventsAPI
import Testing
import WireJSON

/// 32 characters, as PagerDuty's keys are.
let key32 = "0123456789abcdef0123456789abcdef"

/// The body of a refusal or an answer as text.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func document(_ json: String, _ endpoint: Endpoint = .shared) throws(EventRejection) -> EventDocument {
    try EventDocument(body: Array(json.utf8), endpoint: endpoint)
}

/// Accepts a body whose key is known, as integration 7. A generated key is of bytes 0 to 15.
func accept(_ json: String, _ endpoint: Endpoint = .shared) throws(EventRejection) -> AcceptedEvent {
    try document(json, endpoint).accept(integrationID: 7) { Array(0..<16) }
}

func acceptAlert(_ json: String, _ endpoint: Endpoint = .shared) throws -> AlertEvent {
    guard case .alert(let event) = try accept(json, endpoint).content else {
        throw UnexpectedContent()
    }
    return event
}

func acceptChange(_ json: String) throws -> ChangeEvent {
    guard case .change(let event) = try accept(json, .change).content else { throw UnexpectedContent() }
    return event
}

struct UnexpectedContent: Error {}

/// The field errors of a body whose key is known; none where it is accepted.
func errors(_ json: String, _ endpoint: Endpoint = .shared) -> [String] {
    do {
        _ = try accept(json, endpoint)
        return []
    } catch {
        return error.errors ?? ["no errors member"]
    }
}

/// A text as a JSON string.
func quoted(_ text: String) -> String {
    var output: [UInt8] = []
    JSONString.append(text, to: &output)
    return String(decoding: output, as: UTF8.self)
}

/// A V2 trigger of three good members, with any of them replaced by JSON, and more members at the top or in the payload.
func trigger(
    summary: String = #""s""#, source: String = #""src""#, severity: String = #""error""#, payload: String = "",
    top: String = ""
) -> String {
    #"{"event_action":"trigger","payload":{"summary":\#(summary),"source":\#(source),"severity":\#(severity)"#
        + (payload.isEmpty ? "" : "," + payload) + "}" + (top.isEmpty ? "" : "," + top) + "}"
}

enum Message {
    static let actionBlank = "'event_action' is missing or blank"
    static let actionInvalid =
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"
    static let dedupBlank = "'dedup_key' is missing or blank"
    static let dedupLong = "'dedup_key' is too long (maximum is 255 characters)"
    static let summaryBlank = "'payload.summary' is missing or blank"
    static let summaryLong = "'summary' is too long (maiximum is 1024 characters)"
    static let sourceBlank = "'payload.source' is missing or blank"
    static let severityBlank = "'payload.severity' is missing or blank"
    static let severityInvalid =
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
    static let timestampInvalid = "'payload.timestamp' is invalid (must be an ISO 8601 timestamp)"
    static let typeInvalid = "event_type is invalid (must be one of: trigger acknowledge resolve)"
    static let incidentKeyBlank = "Incident key is missing or blank"
    static let incidentKeyLong = "Incident key is too long (maximum is 255 characters)"
    static let descriptionBlank = "Description is missing or blank"
    static let descriptionLong = "Description is too long (maximum is 1024 characters)"
    static let routingKeyBlank = "'routing_key' cannot be blank"
    static let routingKeyLength = "Length of 'routing_key' is incorrect (should be 32 characters)"
    static let routingKeyCharacters = "'routing_key' cannot contain non-alphanumeric characters."
    static let routingKeyUnknown = "Invalid routing key"
    static let serviceKeyBlank = "Service key is missing or blank"
    static let serviceKeyLength = "Service key is the wrong length (should be 32 characters)"
    static let serviceKeyUnknown = "Service key is invalid"
}

/// SplitMix64: random numbers that come again with the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
