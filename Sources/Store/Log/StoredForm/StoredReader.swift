import Alerting
import WireJSON

/// The members of a stored object while it is read. Each is taken once; `end` refuses what nobody took: a member that this
/// program does not know may change what the others mean, and was written by a newer one.
struct StoredReader {
    private var rest: [JSONValue.Member]
    /// What is read, for messages.
    private let subject: String

    /// The members of an object.
    init(_ value: JSONValue, of subject: String) throws(StoredFormError) {
        guard let members = value.objectValue else { throw StoredFormError("\(subject) is not an object") }
        rest = members
        self.subject = subject
    }

    /// Reads a whole object: the closure takes its members, and none may be left.
    static func read<Value>(
        _ value: JSONValue, of subject: String, _ body: (inout StoredReader) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> Value {
        var reader = try StoredReader(value, of: subject)
        let result = try body(&reader)
        try reader.end()
        return result
    }

    /// Refuses members that were not taken.
    func end() throws(StoredFormError) {
        guard let member = rest.first else { return }
        throw StoredFormError("\(subject) has the unknown member \(StoredFormError.quoted(member.name))")
    }

    /// Takes the only member of an object that has just one: the name tells what the value is.
    mutating func only() throws(StoredFormError) -> JSONValue.Member {
        guard rest.count == 1 else { throw StoredFormError("\(subject) does not have exactly one member") }
        return rest.removeFirst()
    }

    // MARK: Members that may be absent

    /// Takes a member; nil if it is absent.
    mutating func optional(_ name: String) -> JSONValue? {
        guard let place = rest.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        return rest.remove(at: place).value
    }

    mutating func optionalText(_ name: String) throws(StoredFormError) -> String? {
        guard let value = optional(name) else { return nil }
        guard let text = value.stringValue else { throw wrong(name, "a string") }
        return text
    }

    mutating func optionalInteger(_ name: String) throws(StoredFormError) -> Int64? {
        guard let value = optional(name) else { return nil }
        guard let number = value.integerValue else { throw wrong(name, "a whole number") }
        return number
    }

    mutating func optionalFlag(_ name: String) throws(StoredFormError) -> Bool? {
        guard let value = optional(name) else { return nil }
        guard let flag = value.boolValue else { throw wrong(name, "true or false") }
        return flag
    }

    mutating func optionalTime(_ name: String) throws(StoredFormError) -> Timestamp? {
        try optionalInteger(name).map { Timestamp(milliseconds: $0) }
    }

    /// Takes an array of texts.
    mutating func optionalTexts(_ name: String) throws(StoredFormError) -> [String]? {
        guard let value = optional(name) else { return nil }
        let error = wrong(name, "an array of strings")
        return try StoredReader.list(value, of: "\(name) of \(subject)") { (value) throws(StoredFormError) in
            guard let text = value.stringValue else { throw error }
            return text
        }
    }

    /// Takes one of a set of names.
    mutating func optionalNamed<Value: RawRepresentable<String>>(
        _ name: String, _ type: Value.Type = Value.self
    ) throws(StoredFormError) -> Value? {
        guard let text = try optionalText(name) else { return nil }
        guard let value = Value(rawValue: text) else { throw wrong(name, "a name that this program knows") }
        return value
    }

    /// Takes a member that is read by a function.
    mutating func optional<Value>(
        _ name: String, _ read: (JSONValue) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> Value? {
        guard let value = optional(name) else { return nil }
        return try read(value)
    }

    /// Takes a setting that may be taken away: null if it shall be, absent if it stays as it is.
    mutating func change<Value>(
        _ name: String, _ read: (JSONValue) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> SettingChange<Value>? {
        guard let value = optional(name) else { return nil }
        return value.isNull ? .off : .on(try read(value))
    }

    // MARK: Members that must be there

    mutating func value(_ name: String) throws(StoredFormError) -> JSONValue {
        try present(name, optional(name))
    }

    mutating func text(_ name: String) throws(StoredFormError) -> String { try present(name, optionalText(name)) }

    mutating func integer(_ name: String) throws(StoredFormError) -> Int64 { try present(name, optionalInteger(name)) }

    mutating func flag(_ name: String) throws(StoredFormError) -> Bool { try present(name, optionalFlag(name)) }

    mutating func time(_ name: String) throws(StoredFormError) -> Timestamp { try present(name, optionalTime(name)) }

    mutating func named<Value: RawRepresentable<String>>(
        _ name: String, _ type: Value.Type = Value.self
    ) throws(StoredFormError) -> Value {
        try present(name, optionalNamed(name, type))
    }

    /// Takes an array, whose elements are read by a function.
    mutating func list<Element>(
        _ name: String, _ read: (JSONValue) throws(StoredFormError) -> Element
    ) throws(StoredFormError) -> [Element] {
        try StoredReader.list(try value(name), of: "\(name) of \(subject)", read)
    }

    /// Takes an array of whole numbers.
    mutating func numbers(_ name: String) throws(StoredFormError) -> [Int64] {
        let error = wrong(name, "an array of whole numbers")
        return try list(name) { (value) throws(StoredFormError) in
            guard let number = value.integerValue else { throw error }
            return number
        }
    }

    /// Takes an array of texts.
    mutating func texts(_ name: String) throws(StoredFormError) -> [String] { try present(name, optionalTexts(name)) }

    /// The elements of an array, each read by a function.
    static func list<Element>(
        _ value: JSONValue, of subject: String, _ read: (JSONValue) throws(StoredFormError) -> Element
    ) throws(StoredFormError) -> [Element] {
        guard let values = value.arrayValue else { throw StoredFormError("\(subject) is not an array") }
        var elements: [Element] = []
        for value in values { elements.append(try read(value)) }
        return elements
    }

    private func present<Value>(_ name: String, _ value: Value?) throws(StoredFormError) -> Value {
        guard let value else { throw StoredFormError("\(subject) lacks the member \"\(name)\"") }
        return value
    }

    private func wrong(_ name: String, _ expected: String) -> StoredFormError {
        StoredFormError("the member \"\(name)\" of \(subject) is not \(expected)")
    }
}
