import EventsAPI
import Synchronization

/// The parameters of a query (rest-api.md section 3). What is blank counts as absent. A name that is in the query and
/// that nothing reads is unknown; `refusal` tells which unknown names a list does not ignore.
struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]
    /// The names in the query as they are spelt there, with those that have no value.
    private var spellings: [(name: String, spelling: String)] = []
    private let reads = Reads()

    /// The names that were read.
    private final class Reads: Sendable {
        let names = Mutex<[String: Kind]>([:])
    }

    private enum Kind: Sendable {
        case scalar
        /// Several values; none of them asks for nothing in particular.
        case choice
        /// Several values, of which a list shows those that have one: without any, it would show all.
        case filter

        var suffix: String { self == .scalar ? "" : "[]" }
    }

    /// Reads what stands after the `?`. `name[]`, `name%5B%5D`, `name[0]` and `name` are the same.
    init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var name = PercentEncoding.decode(parts[0], plusIsSpace: true)
            let spelling = name
            if name.last == "]", let bracket = name.lastIndex(of: "["),
                name[bracket...].dropFirst().dropLast().utf8.allSatisfy(QueryParameters.isDigit)
            {
                name = String(name[..<bracket])
            }
            spellings.append((name, spelling))
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            guard !QueryParameters.isBlank(value) else { continue }
            values[name, default: []].append(value)
        }
    }

    /// The value of a parameter that has one; the last, where it stands more than once.
    func text(_ name: String) -> String? {
        note(name, .scalar)
        return values[name]?.last
    }

    /// The values of a filter: repeated, separated by commas, or both. Nil where there is none.
    func set(_ name: String) -> [String]? { elements(name, .filter) }

    /// The values of a set that filters nothing. Nil where there is none.
    func choices(_ name: String) -> [String]? { elements(name, .choice) }

    private func elements(_ name: String, _ kind: Kind) -> [String]? {
        note(name, kind)
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
        guard text.utf8.allSatisfy(QueryParameters.isDigit) else {
            throw .invalidInput("\(name) must be a number of 0 or more.")
        }
        return Int64(text) ?? .max
    }

    /// One or two of a few keys, each with a direction (rest-api.md section 5.1).
    func sorting<Key: RawRepresentable & CaseIterable>(
        by type: Key.Type
    ) throws(AdminError) -> [(key: Key, isDescending: Bool)] where Key.RawValue == String {
        note("sort_by", .scalar)
        guard let texts = values["sort_by"]?.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) })
        else { return [] }
        let names = Key.allCases.map(\.rawValue).joined(separator: ", ")
        let error = AdminError.invalidInput("sort_by must be one or two of \(names), each with :asc or :desc.")
        guard texts.count <= 2 else { throw error }
        var terms: [(key: Key, isDescending: Bool)] = []
        for text in texts {
            let parts = QueryParameters.trimmed(text).split(separator: ":", omittingEmptySubsequences: false)
            let direction = parts.count > 1 ? parts[1] : "asc"
            guard parts.count <= 2, ["asc", "desc"].contains(direction), let key = Key(rawValue: String(parts[0]))
            else { throw error }
            terms.append((key, direction == "desc"))
        }
        return terms
    }

    private func note(_ name: String, _ kind: Kind) {
        reads.names.withLock { $0[name] = kind }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    private static func trimmed(_ text: Substring) -> String {
        var scalars = text.unicodeScalars.drop(while: \.properties.isWhitespace)
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}

// MARK: Unknown names

extension QueryParameters {
    /// What lists are filtered by, here or in PagerDuty's API.
    private static let filters = [
        "statuses", "urgencies", "service_ids", "user_ids", "team_ids", "integration_ids", "incident_key", "alert_key",
        "since", "until", "date_range", "is_overview", "query", "name",
    ]

    /// Why a list cannot be shown although everything it reads is in order; nil if it can. To be asked for when the list
    /// has read what it knows.
    ///
    /// A script that asks for a part of a list must not get all of it: a known name in another spelling is refused, and so
    /// is a filter without a value. Other unknown names are ignored, as PagerDuty ignores them; on lists that PagerDuty
    /// does not have, so are only those that filter no list.
    func refusal(isOwnList: Bool) -> AdminError? {
        let known = reads.names.withLock { $0 }
        // A query without a page is no list.
        guard known["limit"] != nil else { return nil }
        let names = known.keys.sorted()
        for (name, spelling) in spellings {
            if let kind = known[name] {
                guard kind == .filter, set(name) == nil else { continue }
                return .invalidInput("\(name)[] has no value; leave it out to get all")
            }
            let words = QueryParameters.words(name)
            func isMeant(_ known: String) -> Bool { words.contains { Spelling.isVariant($0, of: known) } }
            let shown = Spelling.shown(spelling)
            if let meant = names.first(where: isMeant) {
                return .invalidInput("\(shown) is unknown; did you mean \(meant)\(known[meant]?.suffix ?? "")?")
            }
            if isOwnList, QueryParameters.filters.contains(where: isMeant) {
                return .invalidInput("\(shown) is no parameter of this list")
            }
        }
        return nil
    }

    /// A name, and the words in it: `filter[statuses]`, `amp;statuses` and `statuses%5B%5D` all hold `statuses`.
    private static func words(_ name: String) -> [String] {
        let parts = name.utf8.split { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): false
            default: byte < 0x80
            }
        }
        return [name] + parts.prefix(maximumWords).map { String(decoding: $0, as: UTF8.self) }
    }

    private static let maximumWords = 8
}
