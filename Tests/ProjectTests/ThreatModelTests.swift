import Foundation
import Testing

/// `docs/threat-model.md` against the tests that there are: every row names some, and each of them is there.
@Suite struct ThreatModelTests {
    private static func rows() throws -> [(surface: String, cell: String)] {
        let lines = try Project.text("docs/threat-model.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        return lines.dropFirst(2).map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0], cells[3])
        }
    }

    @Test func everyRowNamesTestsThatAreThere() throws {
        let rows = try Self.rows()
        #expect(rows.count > 30)
        var finder = NamedTest.Finder()
        for (surface, cell) in rows {
            for test in try #require(NamedTest.list(cell), "\(surface)") {
                #expect(try finder.exists(test), "\(surface): \(test)")
            }
        }
    }
}
