import FoundationEssentials
import Logging

/// A record as one line of text.
struct LogLine {
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: Logger.Metadata
    var time: Date

    /// The line without its end, in a form that is not `auto`.
    func text(_ format: LogFormat) -> String {
        switch format {
        case .json: json
        case .journal: "<\(LogLine.priority(level))>\(sentence)"
        case .auto, .text: "\(time.formatted(LogLine.timeStyle)) \(level.rawValue) \(sentence)"
        }
    }

    /// The message, then the fields as `key=value` by key; a value is quoted where it would not read as one.
    private var sentence: String {
        let fields = metadata.sorted { $0.key < $1.key }.map { key, value in
            " \(PlainText.escaped(key))=\(LogLine.quoted("\(value)"))"
        }
        return PlainText.escaped(message) + fields.joined()
    }

    private var json: String {
        let fields = metadata.sorted { $0.key < $1.key }.map { key, value in
            (LogLine.reserved.contains(key) ? "field_" + key : key, "\(value)")
        }
        let members =
            [
                ("time", time.formatted(LogLine.timeStyle)), ("level", level.rawValue), ("logger", label),
                ("message", message),
            ] + fields
        return "{" + members.map { "\(LogLine.jsonString($0)):\(LogLine.jsonString($1))" }.joined(separator: ",") + "}"
    }

    private static let reserved: Set = ["time", "level", "logger", "message"]

    /// UTC with milliseconds.
    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The syslog priority, which the journal reads from the front of a line (sd-daemon(3)).
    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && !text.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
        guard !isPlain else { return PlainText.escaped(text) }
        return "\""
            + PlainText.escaped(text).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
            + "\""
    }

    /// A JSON string (RFC 8259 section 7); what is no plain text is escaped by its UTF-16 units.
    private static func jsonString(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where PlainText.needsEscape(scalar):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
