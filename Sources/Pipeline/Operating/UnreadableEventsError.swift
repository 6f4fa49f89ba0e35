import Store

/// That events which had an effect cannot be read by this program: to fold the log without them would undo that effect.
public struct UnreadableEventsError: Error, Sendable, CustomStringConvertible {
    /// The events, in the order of the log.
    public var events: [UnreadableEvent]

    /// How many of them the description names.
    private static let named = 5

    /// What to do about it.
    public static let remedy =
        "use the alertgate that wrote them (a newer version, if this one was downgraded), or restore a backup"

    /// Lines: what is wrong, the first events, and what to do.
    public var description: String {
        var lines = ["nothing was changed: of the events that had an effect, this program cannot read \(events.count)"]
        lines += events.prefix(Self.named).map(\.description)
        if events.count > Self.named {
            lines.append("and \(events.count - Self.named) more; `alertgate verify` names all of them")
        }
        lines.append(Self.remedy)
        return lines.joined(separator: "\n")
    }
}
