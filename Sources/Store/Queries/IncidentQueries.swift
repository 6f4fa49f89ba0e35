import Alerting

/// Reads incidents.
public enum IncidentQueries {
    /// A part of the list of incidents. The numbers are found first, out of an index where it has all that it takes, so
    /// that the rows before the page are not read.
    public static func list(
        _ filter: IncidentFilter, order: IncidentOrder = .standard, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Incident> {
        guard !filter.isEmpty else { return .empty(for: page) }
        let sql = IncidentListSQL(filter: filter, order: order)
        let numbers = try connection.page(page, rows: sql.rows, count: sql.count) { $0.integer(0) }
        let incidents = try incidents(numbers.elements, connection)
        return numbers.map { incidents[$0] }
    }

    /// The incidents with these numbers, as far as there are such.
    public static func incidents(
        _ ids: some Collection<IncidentID>, _ connection: Connection
    ) throws(SQLiteError) -> [IncidentID: Incident] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(byNumbers(ids)) { IncidentRows.read($0) }
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    /// What persons told of these incidents when they opened them.
    public static func details(
        _ ids: some Collection<IncidentID>, _ connection: Connection
    ) throws(SQLiteError) -> [IncidentID: String] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(detailsByNumbers(ids)) { ($0.integer(0), $0.text(1)) }
        return Dictionary(rows) { first, _ in first }
    }

    static func detailsByNumbers(_ ids: some Collection<IncidentID>) -> BoundSQL {
        BoundSQL("SELECT incident_id, details FROM incident_details")
            .filtered(by: [.membership(of: "incident_id", in: ids)])
    }

    static func byNumbers(_ ids: some Collection<IncidentID>) -> BoundSQL {
        BoundSQL("SELECT \(IncidentRows.columns) FROM incidents").filtered(by: [.membership(of: "id", in: ids)])
    }

    /// How many incidents are in a status that is not `resolved`; 0 for that one.
    public static func countOpen(
        _ status: IncidentStatus, _ connection: Connection
    ) throws(SQLiteError) -> Int64 {
        try connection.integer(openCount(status)) ?? 0
    }

    /// How many incidents take the alerts of storms.
    public static func countStorms(_ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.integer(stormCount) ?? 0
    }

    static let stormCount = """
        SELECT count(*) FROM incidents INDEXED BY incidents_storms
        WHERE storm_level IS NOT NULL AND storm_until IS NOT NULL
        """

    /// Out of the index of the open incidents alone. The second condition is the index's own: SQLite does not see that
    /// the first implies it (https://www.sqlite.org/partialindex.html).
    static func openCount(_ status: IncidentStatus) -> String {
        """
        SELECT count(*) FROM incidents INDEXED BY incidents_open
        WHERE status = '\(status.rawValue)' AND status <> 'resolved'
        """
    }
}

extension Page {
    /// The page with each element replaced; those for which there is nothing are left out.
    func map<Other>(_ replace: (Element) -> Other?) -> Page<Other> {
        Page<Other>(replacing: self, by: elements.compactMap(replace))
    }

    fileprivate init<Other>(replacing page: Page<Other>, by elements: [Element]) {
        self = .empty(for: PageRequest())
        self.elements = elements
        hasMore = page.hasMore
        total = page.total
    }
}
