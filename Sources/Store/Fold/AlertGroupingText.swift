import Alerting
import FoundationEssentials

/// Alert grouping as it stands in `services.alert_grouping`: compact JSON, members sorted.
enum AlertGroupingText {
    static func write(_ grouping: AlertGrouping) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(grouping) else {
            preconditionFailure("integers and strings always encode")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// What this program did not write reads as no grouping; `alertgate verify` tells of it.
    static func read(_ text: String) -> AlertGrouping? {
        try? JSONDecoder().decode(AlertGrouping.self, from: Data(text.utf8))
    }
}
