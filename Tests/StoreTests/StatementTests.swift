import GatewayTesting
import Store
import Testing

/// A statement is used again and again: no run may see what another one bound.
@Suite struct StatementTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
    }

    private func echo(_ text: String?, _ bytes: [UInt8], _ number: Int64?) throws -> (String?, [UInt8], Int64?) {
        let found = try connection.first(
            "SELECT ?, ?, ?, 'a text that is long enough to be a constant'",
            {
                $0.add(text)
                $0.add(bytes)
                $0.add(number)
            }, { ($0.optionalText(0), $0.bytes(1), $0.optionalInteger(2)) })
        return try #require(found)
    }

    @Test func valuesOfEverySizeComeBackWhateverWasBoundBefore() throws {
        var generator = SeededGenerator(seed: 3)
        let sizes = [0, 1, 15, 16, 17, 100, 4000, 16_383, 16_384, 16_385, 50_000, 600_000]
        for round in 0..<400 {
            let size = sizes.randomElement(using: &generator) ?? 0
            let text: String? =
                round % 5 == 0
                ? nil : String(repeating: "é", count: size / 2) + String(repeating: "\u{0}", count: size % 2)
            let bytes = [UInt8](repeating: UInt8(round % 256), count: sizes.randomElement(using: &generator) ?? 0)
            let number: Int64? = round % 3 == 0 ? nil : Int64(round)
            let found = try echo(text, bytes, number)
            let same = found == (text, bytes, number)
            #expect(same, "round \(round): \(size) bytes of text, \(bytes.count) bytes")
        }
    }

    @Test func anEmptyTextAndNoBytesAreNotNull() throws {
        let kinds = try connection.first(
            "SELECT typeof(?), typeof(?), typeof(?)",
            {
                $0.add("")
                $0.add([UInt8]())
                $0.add(nil as String?)
            }, { [$0.text(0), $0.text(1), $0.text(2)] })
        #expect(kinds == ["text", "blob", "null"])
    }

    @Test func placeholdersWithoutAValueAreNull() throws {
        func kinds(_ bind: (inout Binder) -> Void) throws -> String? {
            try connection.first("SELECT typeof(?) || typeof(?) || typeof(?)", bind) { $0.text(0) }
        }
        #expect(
            try kinds {
                $0.add("a")
                $0.add(1 as Int64)
                $0.add("b")
            } == "textintegertext")
        #expect(try kinds { $0.add(1 as Int64) } == "integernullnull")
        #expect(try kinds { _ in } == "nullnullnull")
    }

    @Test func moreThanSixtyFourPlaceholdersKeepTheirValuesApart() throws {
        let sql = "SELECT " + (1...100).map { "typeof(?\($0))" }.joined(separator: " || ',' || ")
        for shift in [0, 1, 2, 0] {
            let kinds = try connection.first(
                sql,
                { row in
                    for index in 0..<100 {
                        switch (index + shift) % 3 {
                        case 0: row.addNulls(1)
                        case 1: row.add(Int64(index))
                        default: row.add("\(index)")
                        }
                    }
                }, { $0.text(0) })
            let expected = (0..<100).map { ["null", "integer", "text"][($0 + shift) % 3] }
            #expect(kinds == expected.joined(separator: ","))
        }
    }

    /// Texts that are made at run time may get the place in memory of one that is gone.
    @Test func textsMadeAtRunTimeAreNotMistakenForOneAnother() throws {
        for number in 0..<2000 {
            let value = try connection.integer(
                "SELECT \(number % 1000 + 1000) -- made at run time, as queries with filters are")
            #expect(value == Int64(number % 1000 + 1000))
        }
    }

    /// A run that fails leaves nothing behind for the next one.
    @Test func aFailedRunChangesNoLaterOne() throws {
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT CHECK (text <> 'bad')) STRICT")
        func insert(_ id: Int64, _ text: String?) throws {
            try connection.run("INSERT INTO t (id, text) VALUES (?, ?)") {
                $0.add(id)
                $0.add(text)
            }
        }
        try insert(1, "good")
        #expect(throws: SQLiteError.self) { try insert(2, "bad") }
        #expect(throws: SQLiteError.self) { try insert(1, "again") }
        try insert(3, nil)
        try insert(4, "fine")
        let rows = try connection.all("SELECT id, text FROM t ORDER BY id") {
            "\($0.integer(0)) \($0.optionalText(1) ?? "-")"
        }
        #expect(rows == ["1 good", "3 -", "4 fine"])
    }
}
