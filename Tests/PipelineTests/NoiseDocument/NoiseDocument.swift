import Foundation

/// The worked examples of docs/noise.md: its blocks that are tagged `timeline`.
enum NoiseDocument {
    /// A worked example as it stands there.
    struct Example: Sendable, CustomStringConvertible {
        /// Where its first line stands in the document, counted from 1.
        var firstLine: Int
        /// Its lines.
        var lines: [String]

        var description: String { "docs/noise.md:\(firstLine)" }
    }

    /// Where the document is.
    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/noise.md")
        .path(percentEncoded: false)

    /// All of its examples, in order.
    static func examples() throws -> [Example] {
        try examples(in: String(contentsOfFile: path, encoding: .utf8))
    }

    /// The examples in a text. Throws where the last one has no end.
    static func examples(in text: String) throws -> [Example] {
        var examples: [Example] = []
        var open: Example?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line == "```timeline" {
                open = Example(firstLine: index + 2, lines: [])
            } else if line == "```" {
                if let open { examples.append(open) }
                open = nil
            } else {
                open?.lines.append(String(line))
            }
        }
        if let open { throw TimelineSyntaxError("this example has no end", line: open.firstLine) }
        return examples
    }
}
