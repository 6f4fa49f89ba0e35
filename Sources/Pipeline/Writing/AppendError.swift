/// Why an event was not taken into the log. Nothing of it is stored as far as the sender may rely on; trying again is
/// right in every case.
public enum AppendError: Error, Sendable, CustomStringConvertible {
    /// Too many events, or too many bytes of them, wait for the disk.
    case overloaded
    /// The events of this one integration that wait for the disk have their share of the room.
    case overShare
    /// The volume has less free space than the watermark.
    case diskLow
    /// The file is damaged, and was found to be so while running.
    case damaged
    /// The database's files are not those at their paths, or the system does not say: what happened.
    case displaced(String)
    /// The gateway is stopping.
    case stopping
    /// The writer does not answer: it hangs, or waits for a disk that does.
    case silent
    /// SQLite refused: the file is locked by another process, full, read-only or failing.
    case failed(String)

    /// What an error is called in metrics and logs.
    public enum Reason: String, Sendable, CaseIterable {
        case overloaded
        case overShare = "over_share"
        case diskLow = "disk_low"
        case damaged
        case displaced = "files_changed"
        case stopping
        case silent = "writer_silent"
        case failed = "write_failed"
    }

    /// What the error is called in metrics and logs.
    public var reason: Reason {
        switch self {
        case .overloaded: .overloaded
        case .overShare: .overShare
        case .diskLow: .diskLow
        case .damaged: .damaged
        case .displaced: .displaced
        case .stopping: .stopping
        case .silent: .silent
        case .failed: .failed
        }
    }

    /// What happened, in words without secrets.
    public var description: String {
        switch self {
        case .overloaded: "too many events are waiting for the disk"
        case .overShare: "too many events of this integration are waiting for the disk"
        case .diskLow: "the volume is nearly full"
        case .damaged: "the database is damaged"
        case .displaced(let reason): "the database was changed under the running gateway: \(reason)"
        case .stopping: "the gateway is stopping"
        case .silent: "the writer does not answer"
        case .failed(let reason): "the database refused the write: \(reason)"
        }
    }
}
