import Store

/// Has the volume looked at after so much was written: a flood could pass the watermark between two looks a second apart.
/// Used on the writer's queue alone.
struct VolumeLook {
    /// How many bytes may be written between two looks.
    static let interval: Int64 = 8 * 1024 * 1024

    /// Looks at the volume.
    var call: (@Sendable () -> Void)?
    private let pageSize: Int64
    private var bytes: Int64 = 0

    /// A look for a database with pages of that size, in bytes.
    init(pageSize: Int64) {
        self.pageSize = pageSize
    }

    /// To be called after each commit on the connection that writes.
    mutating func wrote(_ connection: Connection) {
        guard let call else { return }
        bytes += connection.takeWrittenPages() * pageSize
        guard bytes >= VolumeLook.interval else { return }
        bytes = 0
        call()
    }
}
