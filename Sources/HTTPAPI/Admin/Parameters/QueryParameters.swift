import EventsAPI
/// The parameters of a query (rest-api.md section 3). What is blank counts as absent, what is unknown is never asked
/// for.
struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// Reads what stands after the `?`. `name[]`, `name%5B%5D` and `name` are the same.
    init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var name = PercentEncoding.decode(parts[0], plusIsSpace: true)
            if name.hasSuffix("[]") { name.removeLast(2) }
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            guard !QueryParameters.isBlank(value) else { continue }
            values[name, default: []].append(value)
        }
    }

    /// The value of a parameter that has one; the last, where it stands more than once.
    func text(_ name: String) -> String? {
        values[name]?.last
    }

    /// The values of a set: repeated, separated by commas, or both. Nil where there is none.
    func set(_ name: String) -> [String]? {
        guard let given = values[name] else { return nil }
        let elements = given.flatMap { $0.split(separator: ",") }.map { QueryParameters.trimmed($0) }
            .filter { !$0.isEmpty }
        return elements.isEmpty ? nil : elements
    }

    /// A set whose values have to be of a few.
    func set<Value: RawRepresentable & Hashable>(
        _ name: String, of type: Value.Type, otherwise message: @autoclosure () -> String
    ) throws(AdminError) -> Set<Value>? where Value.RawValue == String {
        guard let texts = set(name) else { return nil }
        var values: Set<Value> = []
        for text in texts {
            guard let value = Value(rawValue: text) else { throw .invalidInput(message()) }
            values.insert(value)
        }
        return values
    }

    /// `true`, `false`, `1` or `0` in any case; false where absent.
    func flag(_ name: String) throws(AdminError) -> Bool {
        guard let text = text(name) else { return false }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw .invalidInput("\(name) must be true or false.")
        }
    }

    /// A number that is not negative; one that is too large to be held is as large as can be. Nil where absent.
    func number(_ name: String) throws(AdminError) -> Int64? {
        guard let text = text(name) else { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .invalidInput("\(name) must be a number of 0 or more.")
        }
        return Int64(text) ?? .max
    }

    /// One or two of a few keys, each with a direction (rest-api.md section 5.1).
    func sorting<Key: RawRepresentable & CaseIterable>(
        by type: Key.Type
    ) throws(AdminError) -> [(key: Key, isDescending: Bool)] where Key.RawValue == String {
        guard let texts = set("sort_by") else { return [] }
        let names = Key.allCases.map(\.rawValue).joined(separator: ", ")
        let error = AdminError.invalidInput("sort_by must be one or two of \(names), each with :asc or :desc.")
        guard texts.count <= 2 else { throw error }
        var terms: [(key: Key, isDescending: Bool)] = []
        for text in texts {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            let direction = parts.count > 1 ? parts[1] : "asc"
            guard parts.count <= 2, ["asc", "desc"].contains(direction), let key = Key(rawValue: String(parts[0]))
            else { throw error }
            terms.append((key, direction == "desc"))
        }
        return terms
    }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    private static func trimmed(_ text: Substring) -> String {
        var scalars = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}
