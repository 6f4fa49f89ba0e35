import Alerting
import WireJSON

/// Reads the bodies of writes (rest-api.md section 3, decisions.md): what is unknown is ignored, null is as good as
/// absent.
enum RequestBody {
    /// The most elements of a list in a body (rest-api.md section 5.3).
    static let maximumCount = Action.Command.maximumUpdates

    /// The value in a body.
    static func parse(_ body: [UInt8]) throws(AdminError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .invalidInput("JSON parse error")
        }
    }

    /// A resource of the gateway's own in a body, under its singular name.
    static func object(_ name: String, in body: [UInt8], called title: String) throws(AdminError) -> JSONValue {
        let element = try parse(body)[name] ?? .null
        try requireObject(element, "\(title) must be an object")
        return element
    }

    /// A resource of PagerDuty's in a body: under its singular name, or the body itself if it has a `type` instead, as
    /// some clients send it.
    static func resource(_ name: String, in body: [UInt8], called title: String) throws(AdminError) -> JSONValue {
        let value = try parse(body)
        let isBare = value.member(name) == nil && value.member("type")?.stringValue != nil
        let element = isBare ? value : value[name] ?? .null
        try requireObject(element, "\(title) must be an object")
        return element
    }

    /// The resources in a body, under their plural name.
    static func list(_ name: String, in body: [UInt8], called title: String) throws(AdminError) -> [JSONValue] {
        guard let elements = try parse(body)[name]?.arrayValue else {
            throw .invalidInput("\(title) must be an array")
        }
        guard elements.count <= maximumCount else { throw .tooLarge }
        return elements
    }

    /// Fails where a value is no object.
    static func requireObject(_ value: JSONValue, _ message: String) throws(AdminError) {
        guard value.objectValue != nil else { throw .invalidInput(message) }
    }
}

extension JSONValue {
    /// A member that has a value.
    func member(_ name: String) -> JSONValue? {
        guard let value = self[name], !value.isNull else { return Optional.none }
        return value
    }

    /// A member that has to be a string with something in it, of so many Unicode scalars at most. Nil where absent.
    func text(_ name: String, called title: String, _ limit: TextLimit) throws(AdminError) -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.stringValue, !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            throw .invalidInput("\(title) cannot be empty")
        }
        guard text.unicodeScalars.count <= limit.maximum else {
            throw .invalidInput("\(title) is too long (maximum is \(limit.maximum) characters)")
        }
        return text
    }

    /// Fails where there is a `type`, and it is neither that of the resource nor that of a reference to it.
    func requireType(_ type: String) throws(AdminError) {
        guard let value = member("type") else { return }
        guard let name = value.stringValue, [type, "\(type)_reference"].contains(name) else {
            throw .invalidInput("type must be \(type) or \(type)_reference")
        }
    }

    /// The urgency in a member; nil where absent.
    func urgency() throws(AdminError) -> Urgency? {
        guard let value = member("urgency") else { return nil }
        guard let known = value.stringValue.flatMap(Urgency.init(rawValue:)) else {
            throw .invalidInput("Urgency must be high or low")
        }
        return known
    }

    /// The resource that a reference in a member names; nil if the member is absent. What is no id is unknown.
    ///
    /// In PagerDuty's resources an object without any value may count as absent (`emptyIsAbsent`): clients written in Go
    /// send `{}` for a reference that is not set. In the gateway's own resources `{}` is a slip: a silence of "no service"
    /// would be one of all services.
    func reference(
        _ name: String, _ kind: ResourceKind, unknown: Refusal, emptyIsAbsent: Bool = false
    ) throws(AdminError) -> Int64? {
        guard let value = member(name) else { return nil }
        try RequestBody.requireObject(value, "\(name) must be a reference")
        if emptyIsAbsent, value.objectValue?.allSatisfy(\.value.isNull) == true { return nil }
        return try value.identifier(kind, unknown: unknown)
    }

    /// The resource that the member `id` names.
    func identifier(_ kind: ResourceKind, unknown: Refusal) throws(AdminError) -> Int64 {
        guard let id = member("id") else { throw .missingArguments("id is missing") }
        guard let number = id.stringValue.flatMap({ ExternalID.number(kind, $0) }) else {
            let shown = id.stringValue ?? String(decoding: id.serialized(), as: UTF8.self)
            throw .invalidInput("\(unknown.rawValue): \(shown)")
        }
        return number
    }
}
