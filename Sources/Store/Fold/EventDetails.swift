import Alerting

/// What stands in the details of an event, for grouping. The fold looks into no sender's body but for this.
enum EventDetails {
    /// How many Unicode scalars of a value count.
    private static let maximumLength = 1024

    /// What is no JSON, which no accepted body is, has no details: an error would hold up the fold for good
    /// (https://www.sqlite.org/json1.html#jeach).
    private static let members = """
        SELECT member.key, CASE member.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE member.value END
        FROM (SELECT kind, CAST(body AS TEXT) AS text FROM events WHERE id = ?) AS event,
            json_each(
                CASE WHEN json_valid(event.text) THEN event.text ELSE '{}' END,
                CASE event.kind WHEN 'v1' THEN '$.details' ELSE '$.payload.custom_details' END) AS member
        WHERE member.type NOT IN ('null', 'array', 'object') AND typeof(member.key) = 'text'
        """

    /// The values under those keys: texts, numbers and truth values. What else there is, and what is not there, is left
    /// out.
    static func values(
        of keys: [String], in event: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [String: String] {
        let wanted = Set(keys)
        let found = try connection.all(members, { $0.add(event) }, { (key: $0.text(0), value: $0.text(1)) })
        let pairs = found.filter { wanted.contains($0.key) }.map { ($0.key, prefix(of: $0.value)) }
        return Dictionary(pairs) { _, last in last }
    }

    private static func prefix(of text: String) -> String {
        guard text.utf8.count > maximumLength else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumLength)))
    }
}
