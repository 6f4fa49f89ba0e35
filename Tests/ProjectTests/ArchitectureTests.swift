import Foundation
import Testing

/// The table of targets in `docs/architecture.md` against what the sources import. SwiftPM alone lets a target import
/// whatever it reaches through another.
@Suite struct ArchitectureTests {
    /// Who may import whom, from the table: the first column is the target, another one is headed `may import`.
    private static func table() throws -> [String: Set<String>] {
        var column: Int?
        var table: [String: Set<String>] = [:]
        for line in try Project.text("docs/architecture.md").split(separator: "\n") {
            guard line.hasPrefix("|") else {
                column = nil
                continue
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard let place = column else {
                column = cells.firstIndex(of: "may import")
                continue
            }
            guard let target = cells[0].firstMatch(of: /^`(\w+)`$/) else { continue }
            let names = cells[place].matches(of: /`(\w+)`/).map { String($0.1) }
            try #require(!names.isEmpty || cells[place] == "nothing of ours", "\(line)")
            table[String(target.1)] = Set(names)
        }
        return table
    }

    /// The folders of targets, by target.
    private static func folders() throws -> [String: URL] {
        let sources = Project.root.appending(path: "Sources")
        var folders = ["Migrations": Project.root.appending(path: "migrations")]
        for name in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
            folders[name] = sources.appending(path: name)
        }
        return folders
    }

    private static func imports(in folder: URL) throws -> [(file: String, module: String)] {
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let pattern =
            /^\s*(?:(?:@\w+(?:\([^)]*\))?|public|package|internal|fileprivate|private)\s+)*import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        var found: [(file: String, module: String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if let match = line.firstMatch(of: pattern) { found.append((file.path, String(match.1))) }
            }
        }
        return found
    }

    @Test func everyTargetHasItsRow() throws {
        #expect(try Set(ArchitectureTests.table().keys) == Set(ArchitectureTests.folders().keys))
    }

    @Test func nothingIsImportedThatTheTableForbids() throws {
        let table = try ArchitectureTests.table()
        for (target, folder) in try ArchitectureTests.folders() {
            let allowed = try #require(table[target], "\(target) has no row")
            for (file, module) in try ArchitectureTests.imports(in: folder) where table[module] != nil {
                #expect(allowed.contains(module), "\(file) imports \(module)")
            }
        }
    }

    /// What stands in the log and in the tables is written and read by code that names each member. A conformance that the
    /// compiler makes would put Swift's names there, and renaming one would change the log's format unseen
    /// (docs/adr/0018-the-stored-form-of-the-log.md).
    @Test(arguments: ["Alerting", "Store"])
    func nothingThatIsStoredIsCodable(target: String) throws {
        let folder = Project.root.appending(path: "Sources/\(target)")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
                let words = #/\b(?:Codable|Encodable|Decodable|CodingKey|JSONEncoder|JSONDecoder)\b/#
                #expect(code.firstMatch(of: words) == nil, "\(file.path): \(line)")
            }
        }
    }

    /// The names of cases that stand in the log or in the tables are spelled out: renaming a case changes none of them.
    @Test func storedNamesAreSpelledOut() throws {
        let folder = Project.root.appending(path: "Sources/Alerting")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        // Shown and asked for, but not stored.
        let others: Set = ["SilenceStatus", "Member", "Frequency"]
        var names: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            var current: (name: String, indent: Int)?
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let indent = line.prefix { $0 == " " }.count
                if let match = line.firstMatch(of: /\benum (\w+): String\b/) {
                    current = (String(match.1), indent)
                } else if let open = current, indent <= open.indent {
                    current = nil
                } else if let open = current, indent == open.indent + 4, line.contains(/^\s*case \w/) {
                    names.insert(open.name)
                    guard !others.contains(open.name) else { continue }
                    #expect(line.contains(/^\s*case \w+ = "[^"]+"$/), "\(file.path): \(line)")
                }
            }
        }
        #expect(names.isSuperset(of: ["Kind", "TimerKind", "Severity", "Refusal", "DropReason", "LogEntryKind"]))
    }

    /// The dependencies of a target are what the table allows it and what it imports, no more and no less.
    @Test func thePackageSaysTheSame() async throws {
        let scratch = try TemporaryFolder()
        let dump = try await run("swift", "package", "--scratch-path", scratch.url.path, "dump-package")
        let targets = try #require(try dump.object()["targets"] as? [[String: Any]])
        let table = try ArchitectureTests.table()
        for (target, folder) in try ArchitectureTests.folders() where target != "CSQLite" {
            let found = try #require(
                targets.first { $0["name"] as? String == target }, "\(target) is not in the package")
            let dependencies = try #require(found["dependencies"] as? [[String: Any]])
            let ours = Set(dependencies.compactMap { ($0["byName"] as? [Any])?.first as? String })
            #expect(ours == table[target], "\(target) depends on other targets than the table allows")
            let imports = Set(try ArchitectureTests.imports(in: folder).map(\.module))
            #expect(imports.intersection(table.keys) == ours, "\(target) imports other targets than it depends on")
            let products = Set(dependencies.compactMap { ($0["product"] as? [Any])?.first as? String })
            #expect(products.subtracting(imports) == [], "\(target) depends on a package that it does not import")
        }
    }

    /// Foundation brings ICU with it, 50 MB: see `docs/adr/0014-no-foundation.md`. What is for tests alone may have it.
    @Test func nothingOfTheProgramImportsFoundation() throws {
        for (target, folder) in try ArchitectureTests.folders() where target != "GatewayTesting" {
            for (file, module) in try ArchitectureTests.imports(in: folder) {
                #expect(
                    !["Foundation", "FoundationInternationalization"].contains(module), "\(file) imports \(module)")
            }
        }
        #expect(try Project.text("Package.swift").contains(/swift-configuration\.git", [^\n]*traits: \[\]\)/))
    }

    /// What no import line shows: a package that links Foundation after all.
    @Test func theProgramLinksNoFoundation() async throws {
        let libraries = try await run("ldd", try Project.program.path)
        #expect(libraries.status == 0, "\(libraries)")
        #expect(libraries.output.contains("libFoundationEssentials.so"), "\(libraries)")
        for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
            #expect(!libraries.output.contains(library), "\(libraries)")
        }
    }

    @Test func theDomainIsPure() throws {
        for target in ["Alerting", "EventsAPI", "WireJSON"] {
            let folder = try #require(try ArchitectureTests.folders()[target])
            let modules = Set(try ArchitectureTests.imports(in: folder).map(\.module))
            for module in ["Foundation", "Glibc", "Dispatch", "NIOCore", "CSQLite"] {
                #expect(!modules.contains(module), "\(target) imports \(module)")
            }
        }
    }

    /// SQL outside `Store` would be a second place that knows the tables. What is for tests alone may have it.
    @Test func onlyTheStoreHasSQL() throws {
        for (target, folder) in try ArchitectureTests.folders()
        where !["Store", "Migrations", "GatewayTesting"].contains(target) {
            let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            for case let file as URL in files where file.pathExtension == "swift" {
                for found in ArchitectureTests.sql(in: try String(contentsOf: file, encoding: .utf8)) {
                    Issue.record("\(file.path): \(found)")
                }
            }
        }
    }

    @Test(arguments: [
        "let rows = try connection.all(\"SELECT id FROM alerts\")", "    WHERE id = ?",
        "try connection.execute(\"COMMIT\")",
        "    DELETE FROM events WHERE id = ?;", "try connection.run(\"PRAGMA optimize\")",
        "try connection.execute(\"BEGIN IMMEDIATE\")", "    WITH a AS (SELECT 1)",
    ])
    func sqlIsFound(line: String) {
        #expect(ArchitectureTests.sql(in: line).count == 1)
    }

    @Test(arguments: [
        "// SELECT id FROM alerts", "case (\"DELETE\", 2): .deleteService",
        "\"end it with DELETE and create another one\"",
        "The number is in `SELECT * FROM recent_events`.", "-----BEGIN CERTIFICATE-----",
    ])
    func otherTextIsNoSQL(line: String) {
        #expect(ArchitectureTests.sql(in: line) == [])
    }

    /// The lines that have SQL at the start of a literal, or are a line of SQL in a literal of several lines. SQL is written in
    /// capital letters here. What an operator is to type into a shell is in backquotes.
    private static func sql(in text: String) -> [String] {
        text.split(separator: "\n").filter { line in
            // The places where SQL may begin: there alone the slow look is taken.
            var places = [line.utf8.firstIndex { $0 != UInt8(ascii: " ") } ?? line.endIndex]
            if line[places[0]...].utf8.starts(with: "//".utf8) { return false }
            places += line.utf8.indices.filter { line.utf8[$0] == UInt8(ascii: "\"") }.map(line.utf8.index(after:))
            return places.contains { place in
                let word = line.utf8[place...].prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
                return word.count > 1 && line[place...].prefixMatch(of: statement) != nil
            }
        }.map(String.init)
    }

    private static var statement: Regex<Substring> {
        #/
        SELECT\s | INSERT\s+(?:OR|INTO)\b | REPLACE\s+INTO\b | UPDATE\s+[\w\\] | DELETE\s+FROM\b | PRAGMA\s
        | BEGIN(?:\s+(?:IMMEDIATE|DEFERRED|EXCLUSIVE)|") | (?:COMMIT|ROLLBACK|VACUUM|ANALYZE)["; ]
        | (?:SAVEPOINT|RELEASE|ATTACH|DETACH)\s | (?:CREATE|DROP|ALTER)\s+(?:TEMP|TABLE|VIEW|INDEX|UNIQUE|TRIGGER)
        | WITH\s+\w+\s+AS\b | (?:FROM|WHERE|JOIN|AND|OR)\s+[\w(\\] | (?:ORDER|GROUP)\s+BY\b | LIMIT\s
        /#
    }

    @Test func onlyTheStoreTouchesSQLite() throws {
        for (target, folder) in try ArchitectureTests.folders() where target != "Store" {
            #expect(!(try ArchitectureTests.imports(in: folder).contains { $0.module == "CSQLite" }), "\(target)")
        }
    }
}
