import Alerting
import WireJSON

/// JSON in a column, as text. What this program did not write reads as nil; `alertgate verify` tells of it.
enum SettingText {
    /// The matchers in a text, made ready; nil where it has none that this program can read.
    static func set(_ text: String) -> MatcherSet? {
        read(text, SettingForm.matchers).flatMap { try? MatcherSet($0) }
    }

    /// Matchers as text.
    static func text(_ matchers: [LabelMatcher]) -> String { text(.array(matchers.map(MatcherForm.write))) }

    /// The labels in a text.
    static func labels(_ text: String) -> [String]? {
        value(text)?.arrayValue.flatMap { elements in
            let labels = elements.compactMap(\.stringValue)
            return labels.count == elements.count ? labels : nil
        }
    }

    /// Labels as text.
    static func text(_ labels: [String]) -> String { text(.array(labels.map { .string($0) })) }

    /// A value as text.
    static func text(_ value: JSONValue) -> String { String(decoding: value.serialized(), as: UTF8.self) }

    /// The value in a text.
    static func read<Value>(_ text: String, _ read: (JSONValue) throws(StoredFormError) -> Value) -> Value? {
        guard let json = value(text) else { return nil }
        do throws(StoredFormError) {
            return try read(json)
        } catch {
            return nil
        }
    }

    private static func value(_ text: String) -> JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }
}
