import Foundation
import Testing

/// Whoever reads a citation in a comment or document must find what it names in this repository.
@Suite struct ReferenceTests {
    /// The comments of a source, each as one text: neighbouring lines belong together.
    private static func comments(_ source: String, marker: String) -> [String] {
        var comments: [String] = []
        var isOpen = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix(marker) {
                let text = trimmed.drop { marker.contains($0) || $0 == " " }
                if isOpen, let last = comments.popLast() {
                    comments.append(last + " " + text)
                } else {
                    comments.append(String(text))
                }
                isOpen = true
            } else {
                isOpen = false
                if let trailing = line.firstRange(of: " \(marker) ") {
                    comments.append(String(line[trailing.upperBound...]))
                }
            }
        }
        return comments
    }

    private static let markers = ["swift": "//", "c": "//", "cpp": "//", "h": "//", "sql": "--"]

    @Test func everyCitationInACommentResolves() throws {
        let citations = try Citations()
        var found = 0
        for folder in ["Sources", "Tests", "migrations", "Benchmarks/Sources", "Fuzz"] {
            let url = Project.root.appending(path: folder)
            for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
                guard let marker = Self.markers[url.appending(path: path).pathExtension] else { continue }
                let source = try String(contentsOf: url.appending(path: path), encoding: .utf8)
                for comment in Self.comments(source, marker: marker) {
                    let checked = citations.check(comment)
                    found += checked.found
                    for problem in checked.problems { Issue.record("\(folder)/\(path): \(problem)") }
                }
            }
        }
        #expect(found > 200, "the comments are no longer read")
    }

    /// In a specification a section without a document is its own.
    @Test func everyCitationInASpecificationResolves() throws {
        let citations = try Citations()
        var found = 0
        for path in try Citations.documentPaths() where path.hasPrefix("docs/spec/") {
            let text = try Project.text(path)
            for paragraph in text.split(separator: "\n") {
                let checked = citations.check(String(paragraph), home: String(path.split(separator: "/")[2]))
                found += checked.found
                for problem in checked.problems { Issue.record("\(path): \(problem): \(paragraph.prefix(80))") }
            }
        }
        #expect(found > 40, "the specifications are no longer read")
    }

    @Test(arguments: [
        "(section 2)", "events-api.md section 99", "events-api.md section 7.99", "rest-api.md sections 3 and 77",
        "none.md section 1", "DESIGN, promise 1", "promise 1", "docs/architecture.md, promise 9", "ADR 99",
        "ADRs 4 and 98", "docs/none.md", #"decisions.md, "Nothing of it""#, #"events-api.md section 9, "Of no use""#,
    ])
    func aCitationOfNothingIsFound(_ comment: String) throws {
        #expect(try !Citations().check(comment).problems.isEmpty)
    }

    @Test(arguments: [
        "Reads it (events-api.md sections 5.1, 7.3 and 10).", "RFC 9110 section 99.9", "YAML 1.2 section 3.1",
        "https://www.sqlite.org/uri.html section 3.1", #"decisions.md, "Events""#, "rest-api.md section 1.6",
        "docs/architecture.md, promises 1 and 8", "ADR 14", "docs/adr/0014-no-foundation.md",
    ])
    func aCitationOfSomethingIsNot(_ comment: String) throws {
        #expect(try Citations().check(comment).problems == [])
    }

    /// The table of promises in `docs/architecture.md`.
    @Test func everyPromiseNamesTestsThatExist() throws {
        let rows = try Project.text("docs/architecture.md").split(separator: "\n").filter {
            $0.contains(/^\| \d \| \*\*/)
        }
        #expect(rows.count == 8)
        var finder = NamedTest.Finder()
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 3, "\(row)")
            for test in try #require(NamedTest.list(cells[2]), "\(row)") {
                #expect(try finder.exists(test), "\(test)")
            }
        }
    }
}
