import Foundation
import TimeZones

/// The zones that are kept beside the tests, and what Python's zoneinfo reads in them: `Tests/Fixtures/zones/make.py`.
enum Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/zones").standardizedFileURL

    /// A zone's file.
    static func file(_ name: String, in database: String = "zoneinfo") throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appending(path: database).appending(path: name)))
    }

    /// A zone and a span of years with every change in it.
    struct Span: CustomStringConvertible {
        var zone: String
        var first: Int64
        var end: Int64
        var offset: Int
        var changes: [(second: Int64, offset: Int)]

        var description: String { "\(zone) from \(first)" }
    }

    static let spans: [Span] = {
        let file = folder.appending(path: "changes.txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 4, let first = Int64(words[1]), let end = Int64(words[2]), let offset = Int(words[3])
            else { return nil }
            let changes = words.dropFirst(4).compactMap { word -> (Int64, Int)? in
                let parts = word.split(separator: ":")
                guard let second = Int64(parts[0]), let offset = Int(parts[1]) else { return nil }
                return (second, offset)
            }
            guard changes.count == words.count - 4 else { return nil }
            return Span(zone: String(words[0]), first: first, end: end, offset: offset, changes: changes)
        }
    }()
}

/// The parts of a file as RFC 9636 section 3 has them, to be put together in ways that zic would not.
struct FileParts {
    var magic = "TZif"
    var version: UInt8 = UInt8(ascii: "2")
    var secondVersion: UInt8?
    var times: [Int64] = []
    var indices: [UInt8] = []
    var types: [(offset: Int32, isDST: UInt8, designation: UInt8)] = [(0, 0, 0)]
    var designations = "UTC\0"
    var leapSeconds: [(at: Int64, correction: Int32)] = []
    var standardIndicators: [UInt8] = []
    var utIndicators: [UInt8] = []
    /// The counts of the header, where they are to be others than the true ones; in the header's order.
    var counts: [UInt32]?
    var footer: String? = "\nUTC0\n"

    var bytes: [UInt8] {
        guard version > 0 else { return header(version, counts) + block(Int32.self) }
        let first = FileParts(version: version)
        return first.header(version, nil) + first.block(Int32.self) + header(secondVersion ?? version, counts)
            + block(Int64.self) + [UInt8]((footer ?? "").utf8)
    }

    private func header(_ version: UInt8, _ counts: [UInt32]?) -> [UInt8] {
        let counts =
            counts
            ?? [
                utIndicators.count, standardIndicators.count, leapSeconds.count, times.count, types.count,
                designations.utf8.count,
            ].map { UInt32($0) }
        return [UInt8](magic.utf8) + [version] + [UInt8](repeating: 0, count: 15) + counts.flatMap(bigEndian)
    }

    private func block<Time: FixedWidthInteger>(_ type: Time.Type) -> [UInt8] {
        var bytes = times.flatMap { bigEndian(Time(truncatingIfNeeded: $0)) } + indices
        for type in types { bytes += bigEndian(type.offset) + [type.isDST, type.designation] }
        bytes += [UInt8](designations.utf8)
        for leap in leapSeconds { bytes += bigEndian(Time(truncatingIfNeeded: leap.at)) + bigEndian(leap.correction) }
        return bytes + standardIndicators + utIndicators
    }

    private func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}

/// A moment in seconds since 1970, from text such as 2026-03-29T01:00:00Z.
func second(_ text: String) throws -> Int64 {
    Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970)
}
