extension JSONValue {
    /// Reads one JSON text, as strictly as the scanner does. Where a name stands twice in an object, the last value
    /// stands in the place of the first.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            var scanner = JSONScanner(UnsafeRawBufferPointer(buffer))
            let value = try Self.read(&scanner, UnsafeRawBufferPointer(buffer))
            try scanner.finish()
            return value
        }
    }

    /// Recurses at most as deep as the scanner lets it.
    private static func read(
        _ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer
    ) throws(JSONError) -> JSONValue {
        switch try scanner.nextKind() {
        case .object:
            try scanner.enterObject()
            var members = MemberList()
            while let name = try scanner.nextMember() {
                members.set(JSONString.decode(name, in: bytes), to: try read(&scanner, bytes))
            }
            return .object(members.members)
        case .array:
            try scanner.enterArray()
            var elements: [JSONValue] = []
            while try scanner.nextElement() { elements.append(try read(&scanner, bytes)) }
            return .array(elements)
        case .string: return .string(JSONString.decode(try scanner.value(), in: bytes))
        case .number:
            return .number(String(decoding: bytes[try scanner.value().range], as: UTF8.self))
        case .true:
            _ = try scanner.value()
            return .bool(true)
        case .false:
            _ = try scanner.value()
            return .bool(false)
        case .null:
            _ = try scanner.value()
            return .null
        }
    }
}

/// The members of an object being read. Finding a name again must not take quadratic time, so beyond a few members
/// they are found by a table.
private struct MemberList {
    private(set) var members: [JSONValue.Member] = []
    private var places: [[UInt8]: Int] = [:]
    private static let searchedInTurn = 8

    mutating func set(_ name: String, to value: JSONValue) {
        if let place = place(of: name) {
            members[place].value = value
            return
        }
        members.append(JSONValue.Member(name, value))
        if members.count == Self.searchedInTurn + 1 {
            for (place, member) in members.enumerated() { places[Array(member.name.utf8)] = place }
        } else if members.count > Self.searchedInTurn {
            places[Array(name.utf8)] = members.count - 1
        }
    }

    private func place(of name: String) -> Int? {
        guard members.count <= Self.searchedInTurn else { return places[Array(name.utf8)] }
        return members.firstIndex { member in member.name.utf8.elementsEqual(name.utf8) }
    }
}
