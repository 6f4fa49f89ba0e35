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
        var zones = ZoneFolder.zones(in: folder)
        if !zones.isEmpty {
            for (name, text) in Self.rules where zones[name] == nil { zones[name] = Zone(rule: text) }
        }
        self.zones = zones
    }

    /// Zones that some systems leave out of the database, such as Debian without the package tzdata-legacy: what holds in
    /// them today, as a TZ of POSIX.
    private static let rules = [
        "WET": "WET0WEST,M3.5.0/1,M10.5.0", "CET": "CET-1CEST,M3.5.0,M10.5.0/3", "MET": "MET-1MEST,M3.5.0,M10.5.0/3",
        "EET": "EET-2EEST,M3.5.0/3,M10.5.0/4", "EST5EDT": "EST5EDT,M3.2.0,M11.1.0", "CST6CDT": "CST6CDT,M3.2.0,M11.1.0",
        "MST7MDT": "MST7MDT,M3.2.0,M11.1.0", "PST8PDT": "PST8PDT,M3.2.0,M11.1.0", "GMT": "GMT0",
    ]

    /// Whether the folder holds no zone at all: then only `UTC` is known.
    public var isEmpty: Bool { zones.isEmpty }

    /// The zone of a name in exactly that spelling, such as `Europe/Berlin`; nil where there is none. There is always
    /// `UTC`.
    public subscript(name: String) -> Zone? {
        zones[name] ?? (name == "UTC" ? .utc : nil)
    }
}
