/// A JSON value as a tree that keeps the order of members and the spelling of numbers.
public indirect enum JSONValue: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number, as it is spelt.
    case number(String)
    /// A string, unescaped.
    case string(String)
    /// The elements in their order.
    case array([JSONValue])
    /// The members in their order; no name stands in it twice.
    case object([Member])
    /// JSON text that is already written. It is spliced in as it is and must be valid.
    case raw([UInt8])

    /// One member of an object.
    public struct Member: Sendable, Equatable {
        /// Its name, unescaped.
        public var name: String
        /// Its value.
        public var value: JSONValue

        /// A member with that name and value.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }

        /// Equal if the names have the same bytes and the values are equal.
        public static func == (left: Member, right: Member) -> Bool {
            left.name.utf8.elementsEqual(right.name.utf8) && left.value == right.value
        }
    }

    /// A string, or null where there is none.
    public init(_ text: String?) {
        self = text.map { text in .string(text) } ?? .null
    }

    /// A flag, or null where there is none.
    public init(_ flag: Bool?) {
        self = flag.map { flag in .bool(flag) } ?? .null
    }

    /// A whole number, or null where there is none.
    public init(_ number: (some BinaryInteger)?) {
        self = number.map { number in .number(String(number)) } ?? .null
    }
}

// MARK: Looking in

extension JSONValue {
    /// The member of that name, compared byte by byte; nil where there is none or the value is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { member in member.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The element at that place; nil where there is none or the value is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Whether it is null.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The text of a string; nil for anything else.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A flag; nil for anything else.
    public var boolValue: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// A number as it is spelt; nil for anything else.
    public var numberValue: String? {
        if case .number(let spelling) = self { spelling } else { nil }
    }

    /// A number that is spelt as a whole one, without fraction or exponent, and fits; nil for anything else.
    public var integerValue: Int64? {
        if case .number(let spelling) = self { Int64(spelling) } else { nil }
    }

    /// The elements of an array; nil for anything else.
    public var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object; nil for anything else.
    public var objectValue: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONValue: Equatable {
    /// Equal if both would be written alike: texts by their bytes, numbers by their spelling, members in their order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)), (.string(let left), .string(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.raw(let left), .raw(let right)): left == right
        default: false
        }
    }
}
