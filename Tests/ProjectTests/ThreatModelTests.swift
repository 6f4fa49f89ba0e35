import Foundation
import Testing

/// `docs/threat-model.md` against the tests that there are: every row names some, and each of them is there.
@Suite struct ThreatModelTests {
    /// A test as a row names it: `Target/Suite.test`.
    private struct Named: CustomStringConvertible {
        var target: String
        var suite: String
        var test: String
        var description: String { "\(target)/\(suite).\(test)" }
    }

    private static func rows() throws -> [(surface: String, cell: String)] {
        let lines = try Project.text("docs/threat-model.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        return lines.dropFirst(2).map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0], cells[3])
        }
    }

    /// The sources of a target's tests.
    private static func sources(of target: String) throws -> [String] {
        let folder = Project.root.appending(path: "Tests/\(target)")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }.map {
            try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }
    }

    private static func isThere(_ named: Named, in sources: [String]) throws -> Bool {
        let suite = try Regex(#"(struct|class|enum|extension) (\w+\.)*\#(named.suite)\b"#)
        let test = try Regex(#"@Test[^\n]*(\n[^\n]*){0,3}?\bfunc \#(named.test)\("#)
        return try sources.contains { try suite.firstMatch(in: $0) != nil && test.firstMatch(in: $0) != nil }
    }

    @Test func everyRowNamesTestsThatAreThere() throws {
        let rows = try Self.rows()
        #expect(rows.count > 30)
        var sources: [String: [String]] = [:]
        for (surface, cell) in rows {
            let named = cell.matches(of: /`(\w+)\/(\w+)\.(\w+)`/).map {
                Named(target: String($0.1), suite: String($0.2), test: String($0.3))
            }
            #expect(!named.isEmpty, "\(surface)")
            // Nothing else is in the cell.
            #expect(named.map { "`\($0)`" }.joined(separator: ", ") == cell, "\(surface)")
            for test in named {
                let texts = try sources[test.target] ?? Self.sources(of: test.target)
                sources[test.target] = texts
                #expect(try Self.isThere(test, in: texts), "\(surface): \(test)")
            }
        }
    }
}
