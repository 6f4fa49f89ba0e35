import Foundation

/// Finds what a text cites (sections, promises, decision records, documents) and says which citations do not resolve.
struct Citations {
    /// The documents that may be cited, by file name, e.g. `events-api.md`.
    let documents: [String: CitedDocument]
    /// The numbers of the records in `docs/adr`.
    let records: Set<Int>

    /// Reads the documents of the project.
    init() throws {
        var documents: [String: CitedDocument] = [:]
        for path in try Self.documentPaths() {
            documents[String(path.split(separator: "/").last ?? "")] = CitedDocument(try Project.text(path))
        }
        self.documents = documents
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Project.root.appending(path: "docs/adr").path)
        records = Set(names.compactMap { Int($0.prefix(4)) })
    }

    /// Every Markdown document of the project, relative to its root.
    static func documentPaths() throws -> [String] {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: Project.root.appending(path: "docs").path)
        let root = try FileManager.default.contentsOfDirectory(atPath: Project.root.path)
        return docs.filter { $0.hasSuffix(".md") && !$0.hasPrefix("benchmarks/") }.map { "docs/\($0)" }
            + root.filter { $0.hasSuffix(".md") }
    }

    /// The citations of a text that do not resolve, one message each, and the number of those that do. A text of a
    /// document gives that as `home`: a section without a document belongs to it, and documents of other projects may be
    /// named in it.
    func check(_ text: String, home: String? = nil) -> (found: Int, problems: [String]) {
        var found = 0
        var problems: [String] = []
        func require(_ holds: Bool, _ problem: String) {
            if holds { found += 1 } else { problems.append(problem) }
        }
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for match in text.matches(of: /\b[Ss]ections? (\d+(?:\.\d+)*(?:(?:,|,? and|,? or| to) \d+(?:\.\d+)*)*)/) {
            let numbers = match.1.matches(of: /\d+(?:\.\d+)*/).map { String($0.output) }
            switch source(before: text[..<match.range.lowerBound], home: home) {
            case .outside: continue
            case .none: problems.append("\(match.0): of which document?")
            case .document(let name):
                for number in numbers {
                    require(documents[name]?.sections.contains(number) == true, "\(name) has no section \(number)")
                }
            }
        }
        for match in text.matches(of: /([\w-]+\.md)`?,?(?: sections? [\d.]+,?)? "([^"]+)"/) {
            let name = String(match.1)
            require(documents[name]?.text.contains(match.2) == true, "\(name) does not say \"\(match.2)\"")
        }
        for match in text.matches(of: /(\S+ )?\bpromises? (\d(?:(?:,| and) \d)*)/) {
            guard let before = match.1, before.hasSuffix("architecture.md, ") else {
                problems.append("\(match.0): of which document?")
                continue
            }
            for number in match.2.matches(of: /\d/) {
                require(documents["architecture.md"]?.promises.contains(Int(number.output) ?? 0) == true, "\(match.0)")
            }
        }
        for match in text.matches(of: /\bADRs? (\d+(?:(?:,|,? and|,? or) \d+)*)/) {
            for number in match.1.matches(of: /\d+/) {
                require(records.contains(Int(number.output) ?? 0), "there is no ADR \(number.output)")
            }
        }
        for match in text.matches(of: /(\S*?)([\w-]+\.md)\b/)
        where home == nil && !match.1.contains("://") {
            require(documents[String(match.2)] != nil, "there is no document \(match.2)")
        }
        if text.contains(/\bDESIGN\b/) { problems.append("DESIGN is no document") }
        return (found, problems)
    }

    private enum Source {
        case document(String)
        /// A standard or a page that others publish.
        case outside
    }

    /// The document that stands right before the word "section".
    private func source(before text: Substring, home: String?) -> Source? {
        let words = text.split(separator: " ").suffix(2)
        let last = words.last.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "(`,;[]")) } ?? ""
        if let match = last.firstMatch(of: /([\w-]+\.md)$/) { return .document(String(match.1)) }
        let outside = words.joined(separator: " ")
        if last.contains("://") || outside.contains(/\b(RFC \d+|YAML 1\.2|POSIX\.\S+)$/) { return .outside }
        return home.map(Source.document)
    }
}

/// What can be cited of a document.
struct CitedDocument {
    /// Its text with every run of white space as one space.
    let text: String
    /// The numbers of its headings, and those of numbered lists as `section.item`.
    let sections: Set<String>
    /// The numbers of the rows of a table of promises.
    let promises: Set<Int>

    init(_ text: String) {
        self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var sections: Set<String> = []
        var promises: Set<Int> = []
        var current: String?
        for line in text.split(separator: "\n") {
            if let heading = line.firstMatch(of: #/^#{2,} (\d+(?:\.\d+)*)\.? /#) {
                current = String(heading.1)
                sections.insert(String(heading.1))
            } else if line.hasPrefix("#") {
                current = nil
            } else if let item = line.firstMatch(of: #/^(\d+)\. /#), let current {
                sections.insert("\(current).\(item.1)")
            } else if let row = line.firstMatch(of: /^\| (\d) \| \*\*/) {
                promises.insert(Int(row.1) ?? 0)
            }
        }
        self.sections = sections
        self.promises = promises
    }
}
