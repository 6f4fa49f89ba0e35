import Alerting
import FoundationEssentials
import WireJSON

/// What commands print.
enum Output {
    /// Prints JSON on one line.
    static func json(_ value: JSONValue) {
        print(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Prints rows in columns as wide as their widest cell, under their titles. Control characters, which a sender may
    /// have put into a title, do not reach the terminal.
    static func table(_ titles: [String], _ rows: [[String]]) {
        let cells = ([titles] + rows).map { $0.map(printable) }
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        for row in cells {
            let padded = row.indices.map { column in
                row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            print(line)
        }
    }

    /// A time as ISO 8601 in UTC, to the second.
    static func time(_ time: Timestamp?) -> String {
        guard let time else { return "" }
        return Date(timeIntervalSince1970: Double(time.milliseconds) / 1000).formatted(.iso8601)
    }

    /// A text on one line, cut to a length.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        let line = String(scalars)
        return line.count > 80 ? line.prefix(79) + "…" : line
    }
}
