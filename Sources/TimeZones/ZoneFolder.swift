import Glibc

/// Reads the folder of a time zone database.
struct ZoneFolder {
    /// The folder of the system's database, as tzset(3) finds it.
    static var systemPath: String {
        guard let path = getenv("TZDIR").map({ String(cString: $0) }), !path.isEmpty else {
            return "/usr/share/zoneinfo"
        }
        return path
    }

    /// The folders that hold all zones once more, one of them with leap seconds, and the files that stand for settings of
    /// the system rather than for places.
    private static let namesThatAreNoZones: Set<String> = ["posix", "right", "localtime", "posixrules", "Factory"]
    /// The most a file may hold, in bytes; the largest of the database has 4 KiB.
    private static let maximumBytes = 65_536
    /// The most files and folders that are looked at; the database has some 650.
    private static let maximumEntries = 4096
    /// How many folders deep a zone may lie: `America/Argentina/Ushuaia`.
    private static let maximumDepth = 3

    private var zones: [String: Zone] = [:]
    /// One file often has many names.
    private var zonesByFile: [FileNumber: Zone] = [:]
    private var entries = 0

    private struct FileNumber: Hashable {
        var device: dev_t
        var number: ino_t
    }

    /// The zones in a folder, by name.
    static func zones(in path: String) -> [String: Zone] {
        var folder = ZoneFolder()
        folder.read(open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY), prefix: "", depth: 1)
        return folder.zones
    }

    /// Reads an open folder, and closes it.
    private mutating func read(_ descriptor: Int32, prefix: String, depth: Int) {
        guard descriptor >= 0 else { return }
        guard let folder = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        defer { closedir(folder) }
        while entries < Self.maximumEntries, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte), !Self.namesThatAreNoZones.contains(name) else {
                continue
            }
            entries += 1
            add(prefix + name, openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), depth: depth)
        }
    }

    /// Takes an open file or folder, and closes it.
    private mutating func add(_ name: String, _ descriptor: Int32, depth: Int) {
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            return
        }
        if status.st_mode & S_IFMT == S_IFDIR, depth < Self.maximumDepth {
            return read(descriptor, prefix: name + "/", depth: depth + 1)
        }
        defer { close(descriptor) }
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        let number = FileNumber(device: status.st_dev, number: status.st_ino)
        if let known = zonesByFile[number] {
            zones[name] = known
        } else if let zone = Self.bytes(of: descriptor, size: Int(status.st_size)).flatMap(Zone.init(file:)) {
            zonesByFile[number] = zone
            zones[name] = zone
        }
    }

    /// All that a file holds; nil where that is too much or cannot be read.
    private static func bytes(of descriptor: Int32, size: Int) -> [UInt8]? {
        guard size <= maximumBytes else { return nil }
        // A byte more, so that the end is seen.
        var buffer = [UInt8](repeating: 0, count: size + 1)
        var bytes: [UInt8] = []
        while bytes.count <= size {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// What the names of the database are made of (its file `theory.html`).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        default: false
        }
    }
}
