import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// The backend of swift-log: one line for each record on standard error, written with one call, so that lines of several
/// threads do not mix.
public struct StandardErrorLog: LogHandler {
    /// The least grave level that may be changed while loggers are in use.
    public final class Threshold: Sendable {
        private let level: Mutex<Logger.Level>

        /// A threshold at that level.
        public init(_ level: Logger.Level) {
            self.level = Mutex(level)
        }

        /// The level, for all loggers that share the threshold.
        public var current: Logger.Level {
            get { level.withLock { $0 } }
            set { level.withLock { $0 = newValue } }
        }
    }

    /// Fields of every record of this logger.
    public var metadata: Logger.Metadata = [:]
    /// Where fields of the task at hand come from.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let threshold: Threshold
    private let descriptor: Int32
    private var own: Logger.Level?

    /// A logger with a label; `format` is not `auto`. Writes to the descriptor, which stays open.
    public init(label: String, format: LogFormat, threshold: Threshold, descriptor: Int32 = STDERR_FILENO) {
        precondition(format != .auto, "the form is settled before the first line")
        self.label = label
        self.format = format
        self.threshold = threshold
        self.descriptor = descriptor
    }

    /// The least grave level written: the shared threshold unless this logger was given its own.
    public var logLevel: Logger.Level {
        get { own ?? threshold.current }
        set { own = newValue }
    }

    /// A field of every record of this logger.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a record. A line that cannot be written is lost: there is nowhere to say so.
    public func log(event: LogEvent) {
        var fields = metadataProvider?.get() ?? [:]
        fields.merge(metadata) { _, new in new }
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        if let error = event.error { fields["error"] = "\(error)" }
        let line = LogLine(
            level: event.level, label: label, message: event.message.description, metadata: fields, time: .now
        ).text(format)
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { return }
                continue
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
