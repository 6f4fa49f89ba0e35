import Alerting
import EventsAPI
import WireJSON

/// What stands in the details of an event, for grouping. The fold looks into no sender's body but for this.
///
/// Frozen: the fold reads the bodies of old events again whenever it is run, so what this reader gives for a body is part of
/// what the log means (docs/adr/0018-the-stored-form-of-the-log.md). That includes what it takes from `EventBody` and
/// `JSONValue`: which of two members with one name counts, how numbers are spelled, and that keys which Unicode calls
/// equivalent are the same. `Tests/Fixtures/details` holds it. A fix may not change what is read in a body that those could
/// hold; another way to read needs a second reader, which only grouping rules that ask for it use.
enum EventDetails {
    /// How many Unicode scalars of a value count.
    private static let maximumLength = 1024

    /// The values under those keys: texts, and numbers and truth values as the sender spelled them. What else there is, and
    /// what is not there, is left out. A body that cannot be read, which no accepted one is, has no details: an error would
    /// hold up the fold for good.
    static func values(
        of keys: [String], in event: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [String: String] {
        let found = try connection.first(
            "SELECT kind, body FROM events WHERE id = ?", { $0.add(event) },
            { (version: $0.text(0) == "v1" ? APIVersion.v1 : .v2, body: $0.bytes(1)) })
        guard let found, let json = try? EventBody(found.body, version: found.version).detailsJSON(),
            let members = try? JSONValue(parsing: json).objectValue
        else { return [:] }
        let wanted = Set(keys)
        var values: [String: String] = [:]
        for member in members where wanted.contains(member.name) { values[member.name] = text(of: member.value) }
        return values
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text):
            text.utf8.count <= maximumLength
                ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumLength)))
        case .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object, .raw: nil
        }
    }
}
