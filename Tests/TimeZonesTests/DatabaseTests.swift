import Foundation
import Testing
import TimeZones

/// Which zones there are in a folder.
@Suite struct DatabaseTests {
    /// A database of its own that goes away.
    private final class Folder {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit {
            do {
                try FileManager.default.removeItem(at: url)
            } catch {
                print("left behind: \(url.path): \(error)")
            }
        }

        func write(_ bytes: [UInt8], to name: String) throws {
            let file = url.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: url.appending(path: name).path, withDestinationPath: target)
        }

        var database: ZoneDatabase { ZoneDatabase(folder: url.path) }
    }

    private static let zone = FileParts(footer: "\nEST5\n").bytes

    @Test func zonesAreFoundByTheirNames() throws {
        let database = ZoneDatabase(folder: Fixture.folder.appending(path: "zoneinfo").path)
        #expect(!database.isEmpty)
        for name in ["Europe/Berlin", "America/St_Johns", "Etc/GMT+5", "Etc/UTC"] {
            #expect(database[name] == Zone(file: try Fixture.file(name)), "\(name)")
        }
        #expect(database["UTC"] == .utc)
    }

    @Test func linksAndFoldersInFoldersAreFollowed() throws {
        let folder = try Folder()
        try folder.write(Self.zone, to: "America/Argentina/Ushuaia")
        try folder.link("Ushuaia", to: "America/Argentina/Ushuaia")
        let database = folder.database
        for name in ["America/Argentina/Ushuaia", "Ushuaia"] { #expect(database[name]?.offset(at: 0) == -18_000) }
    }

    /// A name is looked up among those that were found: it cannot lead anywhere.
    @Test(arguments: [
        "", "/", ".", "..", "../zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin", "Europe", "Europe/",
        "/Europe/Berlin",
        "./Europe/Berlin", "Europe//Berlin", "europe/berlin", "Europe/Berlin\0", "Europe/Berlin\0x", "Europe/Berlin ",
        "Europe/Bérlin", "utc", "UTC0", "/etc/passwd", "/etc/localtime", String(repeating: "a", count: 100_000),
    ])
    func whatIsNoNameIsNoZone(_ name: String) {
        #expect(ZoneDatabase(folder: Fixture.folder.appending(path: "zoneinfo").path)[name] == nil)
    }

    @Test func onlyFilesThatHoldAZoneAreZones() throws {
        let folder = try Folder()
        try folder.write(Self.zone, to: "Good")
        try folder.write([], to: "Empty")
        try folder.write([UInt8]("# tz zone descriptions\n".utf8), to: "zone-tab")
        try folder.write(Array(Self.zone.dropLast()), to: "Cut")
        try folder.write(Self.zone + [UInt8](repeating: 0, count: 65_536), to: "Huge")
        try folder.write(Self.zone, to: "a name")
        try folder.write(Self.zone, to: "zone.tab")
        try folder.write(Self.zone, to: "Zoné")
        for name in ["localtime", "posixrules", "Factory", "posix/Berlin", "right/Berlin", "a/b/c/TooDeep"] {
            try folder.write(Self.zone, to: name)
        }
        try folder.link("Dangling", to: "nowhere")
        try folder.link("Self", to: "Self")
        try folder.link("Loop", to: ".")
        try folder.link("Null", to: "/dev/null")
        try folder.link("Zero", to: "/dev/zero")
        #expect(mkfifo(folder.url.appending(path: "Pipe").path, 0o600) == 0)
        let database = folder.database
        #expect(database["Good"] != nil)
        for name in [
            "Empty", "zone-tab", "Cut", "Huge", "a name", "zone.tab", "Zoné", "localtime", "posixrules", "Factory",
            "posix/Berlin", "right/Berlin", "a/b/c/TooDeep", "a", "Dangling", "Self", "Loop", "Null", "Zero", "Pipe",
        ] {
            #expect(database[name] == nil, "\(name)")
        }
    }

    @Test(arguments: ["/nonexistent", "", "/dev/null", "/etc/hostname"])
    func withoutADatabaseThereIsUTC(_ folder: String) {
        let database = ZoneDatabase(folder: folder)
        #expect(database.isEmpty)
        #expect(database["UTC"] == .utc)
        #expect(database["Europe/Berlin"] == nil)
        #expect(database["Etc/UTC"] == nil)
    }

    @Test func theNumberOfFilesIsBounded() throws {
        let folder = try Folder()
        for number in 0..<4200 { try folder.write([], to: "x\(number)") }
        #expect(folder.database.isEmpty)
        for number in 0..<4200 { try folder.write(Self.zone, to: "x\(number)") }
        let database = folder.database
        #expect((0..<4200).count { database["x\($0)"] != nil } == 4096)
    }

    /// Every zone that the system's own table of places names.
    @Test func theSystemsZonesAreFound() throws {
        let database = ZoneDatabase.system
        let table = try String(contentsOfFile: database.folder + "/zone1970.tab", encoding: .utf8)
        let names = table.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t")[2] }
        #expect(names.count > 300)
        for name in names { #expect(database[String(name)] != nil, "\(name)") }
        #expect(database["posix/Europe/Berlin"] == nil)
        #expect(database["right/Europe/Berlin"] == nil)
    }
}
