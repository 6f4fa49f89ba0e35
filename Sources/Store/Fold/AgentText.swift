import Alerting

/// Agents as they stand in the tables: `v1:<integration>`, `v2:<integration>`, `service:<service>`,
/// `user:<token>:<name>`, `command_line`.
extension Agent {
    /// The text for a column.
    public var text: String {
        switch self {
        case .integration(let id, let version): "\(version.rawValue):\(id)"
        case .service(let id): "service:\(id)"
        case .user(let token, let name): "user:\(token):\(name)"
        case .commandLine: "command_line"
        }
    }

    /// The agent in a column, or nil where the text is none. The name of a user may hold colons, and begin with a
    /// combining character; so the text is split by bytes, not by `Character`.
    public init?(text: String) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        switch (parts[0], parts.count) {
        case ("command_line", 1): self = .commandLine
        case ("user", 3):
            guard let token = Int64(parts[1]) else { return nil }
            self = .user(token, name: parts[2])
        case (let kind, 2):
            guard let id = Int64(parts[1]) else { return nil }
            switch kind {
            case "v1": self = .integration(id, .v1)
            case "v2": self = .integration(id, .v2)
            case "service": self = .service(id)
            default: return nil
            }
        default: return nil
        }
    }
}
