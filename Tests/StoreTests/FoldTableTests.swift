import GatewayTesting
import Store
import Testing

/// The list of the fold's tables against the schema.
@Suite struct FoldTableTests {
    private func connection() throws -> (TemporaryDatabase, Connection) {
        let temporary = try TemporaryDatabase()
        return (temporary, try temporary.database.openWriter(creating: true))
    }

    private func columns(of table: String, _ connection: Connection) throws -> Set<String> {
        Set(try connection.all("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) })
    }

    @Test func itIsTheTablesThatTheSchemaMarks() throws {
        let (_, connection) = try connection()
        let tables = try connection.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table'") {
            (name: $0.text(0), sql: $0.text(1))
        }
        // Only the first comment tells what a table is.
        let marked = tables.filter { table in
            let comment = table.sql.split(separator: "\n").first { $0.contains("--") }
            return comment?.contains(#/^\s*-- fold\. /#) == true
        }
        #expect(Set(marked.map(\.name)) == Set(FoldTable.all.map(\.name) + ["worker_cursor"]))
        #expect(Set(FoldTable.all.map(\.name)).count == FoldTable.all.count)
    }

    @Test func itsColumnsAreThere() throws {
        let (_, connection) = try connection()
        for table in FoldTable.all {
            let columns = try columns(of: table.name, connection)
            #expect(columns.contains(table.key), "\(table.name) has no \(table.key)")
            if case .thins(let column, _) = table.retention {
                #expect(columns.contains(column), "\(table.name) has no \(column)")
            }
        }
    }

    /// A table that refers to another one is emptied before it.
    @Test func itCanBeEmptiedInItsOrder() throws {
        let (_, connection) = try connection()
        let names = FoldTable.all.map(\.name)
        for (place, name) in names.enumerated() {
            let parents = try connection.all("SELECT \"table\" FROM pragma_foreign_key_list('\(name)')") { $0.text(0) }
            for parent in parents where parent != name {
                guard let other = names.firstIndex(of: parent) else { continue }
                #expect(other > place, "\(parent) is emptied before \(name)")
            }
        }
    }

    /// What retention takes some time after the mark names what is expiring by a column of that meaning.
    @Test func whatIsThinnedNamesWhatExpires() {
        for table in FoldTable.all {
            guard case .thins(let column, let expiring) = table.retention else { continue }
            switch expiring {
            case .event: #expect(column == "event_id", "\(table.name)")
            case .alert: #expect(column == "alert_id" || table.name == "alerts" && column == "id", "\(table.name)")
            case .incident: #expect(column == "incident_id", "\(table.name)")
            }
        }
    }
}
