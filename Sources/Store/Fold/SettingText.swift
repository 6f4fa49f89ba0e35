import Alerting
import FoundationEssentials

/// Matchers, labels, recurrences and the like as JSON in a column.
enum SettingText {
    /// The matchers in a text, made ready; nil where it has none that this program can read.
    static func set(_ text: String) -> MatcherSet? {
        decode([LabelMatcher].self, text).flatMap { try? MatcherSet($0) }
    }

    /// The labels in a text.
    static func labels(_ text: String) -> [String]? { decode([String].self, text) }

    /// A value as text.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { preconditionFailure("integers and strings always encode") }
        return String(decoding: data, as: UTF8.self)
    }

    /// The value in a text.
    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
