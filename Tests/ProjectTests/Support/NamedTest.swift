import Foundation

/// A test as a document names it: `` `Target/Suite.test` ``.
struct NamedTest: CustomStringConvertible {
    let target: String
    let suite: String
    let test: String

    var description: String { "\(target)/\(suite).\(test)" }

    /// The tests that a cell of a table names. Nil if the cell names none, or holds anything else.
    static func list(_ cell: String) -> [NamedTest]? {
        let named = cell.matches(of: /`(\w+)\/(\w+)\.(\w+)`/).map {
            NamedTest(target: String($0.1), suite: String($0.2), test: String($0.3))
        }
        guard !named.isEmpty, named.map({ "`\($0)`" }).joined(separator: ", ") == cell else { return nil }
        return named
    }

    /// Finds tests in the sources; reads each target once.
    struct Finder {
        private var sources: [String: [String]] = [:]

        /// Whether a file of the target has the suite and the test.
        mutating func exists(_ named: NamedTest) throws -> Bool {
            let texts = try sources[named.target] ?? Self.sources(of: named.target)
            sources[named.target] = texts
            let suite = try Regex(#"(struct|class|enum|extension) (\w+\.)*\#(named.suite)\b"#)
            // The first function after the macro, however many lines its arguments take.
            let test = try Regex(#"@Test((?!\bfunc\b|\n\s*\n)[\s\S])*\bfunc \#(named.test)\("#)
            return try texts.contains { try suite.firstMatch(in: $0) != nil && test.firstMatch(in: $0) != nil }
        }

        private static func sources(of target: String) throws -> [String] {
            let folder = Project.root.appending(path: "Tests/\(target)")
            return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
                .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        }
    }
}
