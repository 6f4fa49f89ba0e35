/// The time zones of the IANA database, as the system has them in a folder: read once, and kept.
///
/// A name that somebody gives is looked up among the files that were found. It never becomes part of a path.
public struct ZoneDatabase: Sendable {
    /// The system's, from the folder that `TZDIR` names, else from `/usr/share/zoneinfo`. The first use reads some 400
    /// files and blocks for so long; what the system changes later is seen after a restart.
    public static let system = ZoneDatabase(folder: ZoneFolder.systemPath)

    /// Where it was read from.
    public let folder: String
    private let zones: [String: Zone]

    /// Reads the zones in a folder and the folders in it, and blocks for so long. Left out is what is no zone: other
    /// files, and those that are damaged.
    public init(folder: String) {
        self.folder = folder
        zones = ZoneFolder.zones(in: folder)
    }

    /// Whether the folder holds no zone at all: then only `UTC` is known.
    public var isEmpty: Bool { zones.isEmpty }

    /// The zone of a name in exactly that spelling, such as `Europe/Berlin`; nil where there is none. There is always
    /// `UTC`.
    public subscript(name: String) -> Zone? {
        zones[name] ?? (name == "UTC" ? .utc : nil)
    }
}
