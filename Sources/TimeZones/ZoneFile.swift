extension Zone {
    /// Reads a file of a time zone database: TZif of the versions 1 to 4 (RFC 9636 section 3). Nil where the bytes are
    /// anything else.
    ///
    /// Files whose times count leap seconds, as those in `right/` do, are refused: the moments here do not.
    public init?(file bytes: [UInt8]) {
        var file = ZoneFile(bytes: ByteReader(bytes))
        guard let zone = file.zone() else { return nil }
        self = zone
    }
}

/// A file of a time zone database while it is read.
struct ZoneFile {
    /// What has not been read yet.
    var bytes: ByteReader

    /// The zone; nil where the bytes are not valid TZif.
    mutating func zone() -> Zone? {
        guard let first = Header(&bytes) else { return nil }
        guard first.version > 1 else { return zone(first, timeSize: 4, rule: nil) }
        // The first block is for readers of version 1; the second says the same with times of 64 bits.
        guard bytes.take(first.blockSize(timeSize: 4)) != nil, let second = Header(&bytes) else { return nil }
        guard second.version == first.version else { return nil }
        var ahead = self
        guard ahead.bytes.take(second.blockSize(timeSize: 8)) != nil, let footer = ahead.footer() else { return nil }
        guard !footer.isEmpty else { return zone(second, timeSize: 8, rule: nil) }
        guard let rule = ZoneRule(footer) else { return nil }
        return zone(second, timeSize: 8, rule: rule)
    }

    private mutating func footer() -> ArraySlice<UInt8>? {
        let newline = UInt8(ascii: "\n")
        guard bytes.take(1)?.first == newline else { return nil }
        return bytes.take(until: newline)
    }

    /// The zone of a data block (RFC 9636 section 3.2).
    private mutating func zone(_ header: Header, timeSize: Int, rule: ZoneRule?) -> Zone? {
        guard header.isConsistent else { return nil }
        var changes: [Int64] = []
        for _ in 0..<header.timeCount {
            guard let time = bytes.signed(timeSize) else { return nil }
            if let last = changes.last, last >= time { return nil }
            changes.append(time)
        }
        guard let indices = bytes.take(header.timeCount) else { return nil }
        var types: [Int32] = []
        for _ in 0..<header.typeCount {
            guard let offset = bytes.signed(4), let isDST = bytes.unsigned(1), let designation = bytes.unsigned(1)
            else { return nil }
            // The format would take a little more than a day; no clock on Earth is further off than 16 hours.
            guard abs(offset) < 86_400, isDST <= 1, designation < header.designationSize else { return nil }
            types.append(Int32(offset))
        }
        guard indices.allSatisfy({ Int($0) < types.count }) else { return nil }
        // What is left tells names, and which changes a TZ of POSIX without rules of its own would take over.
        guard bytes.take(header.designationSize + header.standardCount + header.utCount) != nil else { return nil }
        return Zone(firstOffset: types[0], changes: changes, offsets: indices.map { types[Int($0)] }, rule: rule)
    }

    /// The header of a data block (RFC 9636 section 3.1).
    private struct Header {
        let version: Int
        let utCount: Int
        let standardCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let designationSize: Int

        init?(_ bytes: inout ByteReader) {
            guard let magic = bytes.take(4), magic.elementsEqual("TZif".utf8) else { return nil }
            switch bytes.take(1)?.first {
            case 0: version = 1
            // A later version is to be read as the last known one.
            case let digit? where digit >= UInt8(ascii: "2"): version = Int(digit - UInt8(ascii: "0"))
            default: return nil
            }
            guard bytes.take(15) != nil else { return nil }
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = bytes.unsigned(4) else { return nil }
                counts.append(count)
            }
            (utCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
            (timeCount, typeCount, designationSize) = (counts[3], counts[4], counts[5])
        }

        /// The size of the block that follows, in bytes.
        func blockSize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + designationSize + leapCount * (timeSize + 4) + standardCount
                + utCount
        }

        var isConsistent: Bool {
            (1...256).contains(typeCount) && designationSize > 0 && leapCount == 0
                && [0, typeCount].contains(utCount) && [0, typeCount].contains(standardCount)
        }
    }
}
