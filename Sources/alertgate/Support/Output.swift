import Alerting
import ArgumentParser
import FoundationEssentials
import WireJSON

/// What commands print.
enum Output {
    /// Prints JSON on one line.
    static func json(_ value: JSONValue) {
        line(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Prints text. What drives a terminal stands in it as JSON would escape it, so that JSON stays what it is.
    static func line(_ text: String) {
        print(escaped(text))
    }

    /// Prints a table that fits the terminal, if there is one. A status has its colour; the columns of names give way
    /// where there is little room.
    static func table(_ titles: [String], _ rows: [[String]], names: Set<String> = ["SERVICE", "NAME", "E-MAIL"]) {
        let showsColours = Terminal.showsColours
        let lines = TextTable(titles: titles, rows: rows).lines(width: Terminal.width, names: names) { title, cell in
            guard showsColours, title == "STATUS", let colour = Colour(status: cell) else { return cell }
            return colour.paint(cell)
        }
        for line in lines { print(line) }
    }

    /// A time as ISO 8601 in UTC, to the second.
    static func time(_ time: Timestamp?) -> String {
        guard let time else { return "" }
        return Date(timeIntervalSince1970: Double(time.milliseconds) / 1000).formatted(.iso8601)
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: drivesTerminal) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            guard drivesTerminal(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return result
    }

    private static func drivesTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        // Format characters can turn the reading direction of what follows.
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension CompletionKind {
    /// The severities.
    static var severities: CompletionKind { .list(Severity.allCases.map(\.rawValue)) }
}
