import Alerting
import WireJSON

/// An object in a body that PagerDuty does not define: a silence, a rule, a part of one. Unlike on PagerDuty's objects,
/// an unknown member is refused: what is misspelt is mostly a restriction, and without it a silence holds back more than
/// was meant.
///
/// `Member` lists the members that exist, and only they can be read, so that no reader can forget to refuse the others.
struct OwnObject<Member: RawRepresentable & CaseIterable>: Sendable where Member.RawValue == String {
    /// Where it stands in the body, such as `silence.recurrence`; empty for the body itself.
    let path: String
    private let value: JSONValue

    /// Throws where the value is no object, or has a member that does not exist.
    init(_ value: JSONValue, at path: String) throws(AdminError) {
        guard let members = value.objectValue else {
            throw .wrongType(path.isEmpty ? "the body" : path, "an object")
        }
        self.path = path
        self.value = value
        let known = Member.allCases.map(\.rawValue)
        let unknown = members.map(\.name).filter { !known.contains($0) }
        guard unknown.isEmpty else {
            throw .unknownMembers(unknown, of: path, among: known)
        }
    }

    /// The object that a body holds under its name and nothing beside it; or the body itself, where its `type` says that
    /// it is the object.
    init(_ name: String, inBody body: [UInt8]) throws(AdminError) {
        let root = try RequestBody.parse(body)
        if root[name] == nil, root["type"]?.stringValue == name {
            try self.init(root, at: name)
            return
        }
        let others = (root.objectValue ?? []).map(\.name).filter { $0 != name }
        guard others.isEmpty else { throw .unknownMembers(others, of: "", among: [name]) }
        try self.init(root[name] ?? .null, at: name)
    }

    /// Where a member stands in the body.
    func path(_ member: Member) -> String { OwnObject.path(path, member.rawValue) }

    private static func path(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    // MARK: Members

    /// Whether a member is there, with a value or null.
    func has(_ member: Member) -> Bool { value[member.rawValue] != nil }

    /// A member that has a value; null is as good as absent.
    func member(_ member: Member) -> JSONValue? { value.member(member.rawValue) }

    /// The text in a member; nil if absent or null.
    func string(_ member: Member) throws(AdminError) -> String? {
        try read(member, "a string", \.stringValue)
    }

    /// The whole number in a member; nil if absent or null.
    func integer(_ member: Member) throws(AdminError) -> Int64? {
        try read(member, "a whole number", \.integerValue)
    }

    /// The flag in a member; nil if absent or null.
    func flag(_ member: Member) throws(AdminError) -> Bool? {
        try read(member, "true or false", \.boolValue)
    }

    /// The elements of the array in a member; nil if absent or null.
    func elements(_ member: Member) throws(AdminError) -> [JSONValue]? {
        try read(member, "an array", \.arrayValue)
    }

    /// The texts in the array in a member; nil if absent or null.
    func strings(_ member: Member) throws(AdminError) -> [String]? {
        try read(member, "an array of strings") { value in
            guard let elements = value.arrayValue else { return nil }
            let texts = elements.compactMap(\.stringValue)
            return texts.count == elements.count ? texts : nil
        }
    }

    /// The whole numbers in the array in a member; nil if absent or null.
    func integers(_ member: Member) throws(AdminError) -> [Int64]? {
        try read(member, "an array of whole numbers") { value in
            guard let elements = value.arrayValue else { return nil }
            let numbers = elements.compactMap(\.integerValue)
            return numbers.count == elements.count ? numbers : nil
        }
    }

    /// The object of alertgate's own in a member; nil if absent or null.
    func object<Part>(_ member: Member, _ part: Part.Type) throws(AdminError) -> OwnObject<Part>? {
        guard let value = self.member(member) else { return nil }
        return try OwnObject<Part>(value, at: path(member))
    }

    /// The objects of alertgate's own in the array in a member; nil if absent or null.
    func objects<Part>(_ member: Member, _ part: Part.Type) throws(AdminError) -> [OwnObject<Part>]? {
        guard let elements = try elements(member) else { return nil }
        var objects: [OwnObject<Part>] = []
        for (place, element) in elements.enumerated() {
            objects.append(try OwnObject<Part>(element, at: "\(path(member))[\(place)]"))
        }
        return objects
    }

    /// The resource that a reference in a member names; nil if absent or null. An empty reference names nothing and is
    /// refused, because the object would be about more without it.
    func reference(_ member: Member, _ kind: ResourceKind, unknown: Refusal) throws(AdminError) -> Int64? {
        guard let value = self.member(member) else { return nil }
        guard value.objectValue != nil else { throw .wrongType(path(member), "a reference, an object with id") }
        guard value.member("id") != nil else { throw .missingArguments("\(path(member)).id is missing") }
        // Ids of several kinds look alike.
        try value.requireType(member.rawValue)
        return try value.identifier(kind, unknown: unknown)
    }

    /// Fails where there is a `type`, and it is neither that of the resource nor that of a reference to it.
    func requireType(_ type: String) throws(AdminError) { try value.requireType(type) }

    private func read<Value>(
        _ member: Member, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(AdminError) -> Value? {
        guard let value = self.member(member) else { return nil }
        guard let found = read(value) else { throw .wrongType(path(member), expected) }
        return found
    }
}

extension AdminError {
    /// A value of the wrong type, where it stands and what is expected there.
    static func wrongType(_ path: String, _ expected: String) -> AdminError {
        .invalidInput("\(path) must be \(expected)")
    }

    /// The most names that one answer tells of.
    private static let maximumNames = 10

    /// Members that the object at a path does not have, each with the one that was probably meant.
    fileprivate static func unknownMembers(_ names: [String], of path: String, among known: [String]) -> AdminError {
        var error = AdminError.invalidInput()
        error.details = names.prefix(maximumNames).map { name in
            let hint =
                Spelling.nearest(to: name, among: known).map { "did you mean \($0)?" }
                ?? "known: \(known.joined(separator: ", "))"
            return "\(path.isEmpty ? "" : "\(path).")\(Spelling.shown(name)) is unknown; \(hint)"
        }
        return error
    }
}
