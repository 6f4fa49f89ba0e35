/// Finds the matchers of a silence that holds back what an incident is about.
public enum IncidentMatchers {
    /// The labels that tell what alerts have in common, the most telling first.
    private static let labels = ["component", "source", "group", "class"]
    /// As many dedup keys fit into one pattern.
    private static let maximumKeys = 20

    /// Matchers for an incident's alerts: its dedup key where there is one alert; of several, the labels that all of them
    /// share. Where they share none, their dedup keys. Empty where there are too many of those, or no alerts.
    public static func matchers(for alerts: [Alert]) -> [LabelMatcher] {
        let keys = Set(alerts.map(\.key.dedupKey))
        if let key = keys.first, keys.count == 1 {
            return [LabelMatcher(label: "dedup_key", comparison: .equal, value: key.text)]
        }
        let shared = labels.compactMap { label -> LabelMatcher? in
            guard let value = alerts.first?.label(label), !value.isEmpty,
                alerts.allSatisfy({ $0.label(label)?.utf8.elementsEqual(value.utf8) == true })
            else { return nil }
            return LabelMatcher(label: label, comparison: .equal, value: value)
        }
        guard shared.isEmpty, !keys.isEmpty, keys.count <= maximumKeys else { return shared }
        let pattern = keys.map(\.text).sorted().map(escaped).joined(separator: "|")
        return [LabelMatcher(label: "dedup_key", comparison: .matches, value: pattern)]
    }

    /// A text as a pattern that matches just it.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
