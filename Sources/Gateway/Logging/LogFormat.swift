/// The form of a log line.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `journal` under systemd, `text` otherwise.
    case auto
    /// A priority in front, as in sd-daemon(3), and no time: the journal has its own.
    case journal
    /// Time, level, message, for people.
    case text
    /// A JSON object, for collectors.
    case json

    /// The form itself where this is `auto`: systemd sets `JOURNAL_STREAM` for what it logs (systemd.exec(5)).
    public func resolved(environment: [String: String]) -> LogFormat {
        guard self == .auto else { return self }
        return environment["JOURNAL_STREAM"] == nil ? .text : .journal
    }
}
