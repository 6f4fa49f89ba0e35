import Foundation
import Testing
import TimeZones

/// What RFC 9636 section 3 demands of a file, and files that break it.
@Suite struct FileTests {
    /// Two changes, in all versions: which version a file has does not change what is read.
    @Test(arguments: [0, UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "5")])
    func everyVersionIsRead(_ version: UInt8) throws {
        var parts = FileParts(version: version, times: [-100, 100], indices: [1, 0], footer: "\n\n")
        parts.types = [(-60, 0, 0), (3600, 1, 3)]
        let zone = try #require(Zone(file: parts.bytes))
        let found = [Int64.min, -101, -100, 99, 100, .max].map(zone.offset)
        #expect(found == [-60, -60, 3600, 3600, -60, -60])
    }

    /// Before the first change the first type holds, even where no change leads to it (RFC 9636 section
    /// 3.2).
    @Test func theFirstTypeHoldsBeforeTheFirstChange() throws {
        var parts = FileParts(times: [0], indices: [1])
        parts.types = [(1234, 1, 0), (0, 0, 0)]
        let zone = try #require(Zone(file: parts.bytes))
        #expect(zone.offset(at: -1) == 1234)
        #expect(zone.offset(at: 0) == 0)
    }

    /// The footer says what holds from the last change on (RFC 9636 section 3.3).
    @Test func theRuleHoldsFromTheLastChangeOn() throws {
        var parts = FileParts(times: [0, 1000], indices: [1, 1], footer: "\nEST5\n")
        parts.types = [(0, 0, 0), (3600, 0, 0)]
        let zone = try #require(Zone(file: parts.bytes))
        #expect([-1, 0, 999, 1000, 1001].map(zone.offset) == [0, 3600, 3600, -18_000, -18_000])
    }

    @Test func indicatorsAreSkipped() throws {
        let parts = FileParts(standardIndicators: [1], utIndicators: [1], footer: "\nEST5\n")
        #expect(try #require(Zone(file: parts.bytes)).offset(at: 0) == -18_000)
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]

        init(_ name: String, _ change: (inout FileParts) -> Void) {
            testDescription = name
            var parts = FileParts(times: [0, 10], indices: [0, 0])
            change(&parts)
            bytes = parts.bytes
        }
    }

    static let broken = [
        Broken("other magic") { $0.magic = "TZIF" },
        Broken("version below 2") { $0.version = UInt8(ascii: "1") },
        Broken("two versions") { $0.secondVersion = UInt8(ascii: "3") },
        Broken("version 1 inside") { $0.secondVersion = 0 },
        Broken("changes that go back") { $0.times = [10, 0] },
        Broken("changes that fall together") { $0.times = [10, 10] },
        Broken("no such type") { $0.indices = [0, 1] },
        Broken("no type") { ($0.types, $0.times, $0.indices) = ([], [], []) },
        Broken("no designation") { $0.designations = "" },
        Broken("no such designation") { $0.types = [(0, 0, 4)] },
        Broken("neither standard nor daylight time") { $0.types = [(0, 2, 0)] },
        Broken("a day ahead") { $0.types = [(86_400, 0, 0)] },
        Broken("a day behind") { $0.types = [(-86_400, 0, 0)] },
        Broken("the least offset") { $0.types = [(.min, 0, 0)] },
        Broken("leap seconds") { $0.leapSeconds = [(78_796_800, 1)] },
        Broken("too few indicators") { ($0.types, $0.utIndicators) = ([(0, 0, 0), (0, 0, 0)], [1]) },
        Broken("too many indicators") { $0.standardIndicators = [1, 1] },
        Broken("no footer") { $0.footer = nil },
        Broken("a footer without its start") { $0.footer = "UTC0\n" },
        Broken("a footer without its end") { $0.footer = "\nUTC0" },
        Broken("counts beyond the end") { $0.counts = [0, 0, 0, 1000, 1, 4] },
        Broken("the greatest counts") { $0.counts = [.max, .max, .max, .max, .max, .max] },
        Broken("257 types") { $0.types = Array(repeating: (0, 0, 0), count: 257) },
    ]

    @Test(arguments: broken) func aBrokenFileIsRefused(_ file: Broken) {
        #expect(Zone(file: FileParts(times: [0, 10], indices: [0, 0]).bytes) != nil)
        #expect(Zone(file: file.bytes) == nil)
    }

    @Test(arguments: ["Europe/Berlin", "America/Nuuk", "Etc/UTC"]) func aCutFileIsRefused(_ name: String) throws {
        let bytes = try Fixture.file(name)
        for count in bytes.indices { #expect(Zone(file: Array(bytes[..<count])) == nil, "\(count)") }
    }

    /// Whatever the bytes are: a zone comes out or none, and every zone has an offset of less than a day.
    @Test func noBytesDoHarm() throws {
        var random = Mixer(state: 20_261_127)
        let files = try ["Europe/Berlin", "America/Nuuk", "Antarctica/Troll", "Etc/GMT+5"].map { try Fixture.file($0) }
        var read = 0
        for round in 0..<20_000 {
            var bytes = files[round % files.count]
            for _ in 0...random.next() % 4 {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[place] ^= 1 << UInt8(random.next() % 8)
                case 2: bytes.remove(at: place)
                default: bytes.insert([0, 1, 0x7f, 0x80, 0xff][Int(random.next() % 5)], at: place)
                }
            }
            guard let zone = Zone(file: bytes) else { continue }
            read += 1
            for second in [Int64.min, -1, 0, Int64(truncatingIfNeeded: random.next()), .max] {
                #expect(abs(zone.offset(at: second)) < 86_400)
            }
        }
        #expect(read > 100)
    }

    /// SplitMix64.
    private struct Mixer {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
