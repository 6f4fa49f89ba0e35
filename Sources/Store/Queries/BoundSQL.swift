import Alerting

/// A piece of SQL with the values of its placeholders. Only what the program itself writes ever stands in the text.
struct BoundSQL: Sendable {
    /// A value for a placeholder.
    enum Value: Sendable {
        case integer(Int64)
        case text(String)
    }

    var text: String
    var values: [Value]

    init(_ text: String, _ values: Value...) {
        self.text = text
        self.values = values
    }

    init(text: String, values: [Value]) {
        self.text = text
        self.values = values
    }

    /// Pieces with a text between each two of them.
    static func joined(_ pieces: [BoundSQL], by separator: String) -> BoundSQL {
        BoundSQL(text: pieces.map(\.text).joined(separator: separator), values: pieces.flatMap(\.values))
    }

    /// This piece, and all of the conditions after WHERE.
    func filtered(by conditions: [BoundSQL]) -> BoundSQL {
        guard !conditions.isEmpty else { return self }
        return BoundSQL.joined([self, BoundSQL.joined(conditions, by: " AND ")], by: " WHERE ")
    }

    /// This piece, with the part of its rows that a page needs, and one more.
    func paged(_ page: PageRequest) -> BoundSQL {
        BoundSQL.joined(
            [self, BoundSQL("LIMIT ? OFFSET ?", .integer(page.limit + 1), .integer(page.offset))], by: " ")
    }

    /// That a column is among the numbers. One text serves any number of them, and any number fits.
    static func membership(of column: String, in numbers: some Sequence<Int64>) -> BoundSQL {
        BoundSQL("\(column) IN (SELECT value FROM json_each(?))", .text(list(numbers)))
    }

    private static func list(_ numbers: some Sequence<Int64>) -> String {
        "[" + numbers.map { String($0) }.joined(separator: ",") + "]"
    }

    func bind(to row: inout Binder) {
        for value in values {
            switch value {
            case .integer(let number): row.add(number)
            case .text(let text): row.add(text)
            }
        }
    }
}

extension Connection {
    /// Every row's value. For texts with many variants: the statement is not kept, so that the variants do not pile up.
    func rows<Value>(_ sql: BoundSQL, _ read: (Row) -> Value) throws(SQLiteError) -> [Value] {
        try prepare(sql.text).all({ sql.bind(to: &$0) }, read)
    }

    /// Every row's value. For texts without variants: the statement is kept.
    func keptRows<Value>(_ sql: BoundSQL, _ read: (Row) -> Value) throws(SQLiteError) -> [Value] {
        try all(sql.text, { sql.bind(to: &$0) }, read)
    }

    /// The page of a list, given the texts that bring its rows and its length.
    func page<Value: Sendable>(
        _ request: PageRequest, rows: BoundSQL, count: BoundSQL, _ read: (Row) -> Value
    ) throws(SQLiteError) -> Page<Value> {
        let elements = try self.rows(rows.paged(request), read)
        let total = request.countsAll ? try self.rows(count) { $0.integer(0) }.first : nil
        return Page(oneMore: elements, request: request, total: total)
    }
}
