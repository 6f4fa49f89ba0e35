import Alerting
import WireJSON

/// The members of a stored object while it is written. What is nil is left out. The names are sorted in the result, so
/// that equal values have equal bytes.
struct StoredWriter {
    private var members: [JSONValue.Member] = []

    /// An object without members.
    init() {}

    /// An object with the members that the closure adds.
    init(_ write: (inout StoredWriter) -> Void) {
        write(&self)
    }

    mutating func add(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        precondition(!members.contains { $0.name == name }, "the member \(name) is written twice")
        members.append(JSONValue.Member(name, value))
    }

    mutating func add(_ name: String, _ text: String?) { add(name, text.map { JSONValue.string($0) }) }

    mutating func add(_ name: String, _ number: Int64?) { add(name, number.map { JSONValue.number(String($0)) }) }

    mutating func add(_ name: String, _ flag: Bool?) { add(name, flag.map { JSONValue.bool($0) }) }

    mutating func add(_ name: String, _ moment: Timestamp?) { add(name, moment?.milliseconds) }

    /// Writes one of a set of names.
    mutating func add(_ name: String, named value: (some RawRepresentable<String>)?) { add(name, value?.rawValue) }

    /// Writes an array.
    mutating func add<Element>(_ name: String, each elements: [Element], _ write: (Element) -> JSONValue) {
        add(name, JSONValue.array(elements.map(write)))
    }

    /// Writes numbers.
    mutating func add(_ name: String, numbers: [Int64]) { add(name, each: numbers) { .number(String($0)) } }

    /// Writes texts.
    mutating func add(_ name: String, texts: [String]?) {
        add(name, texts.map { JSONValue.array($0.map { .string($0) }) })
    }

    /// Writes a setting that may be taken away: null if it shall be. A setting that stays as it is has no member.
    mutating func add<Value>(_ name: String, change: SettingChange<Value>?, _ write: (Value) -> JSONValue) {
        guard let change else { return }
        add(name, change.value.map(write) ?? JSONValue.null)
    }

    /// The object.
    var object: JSONValue {
        .object(members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }
}
