/// FNV-1a, 64 bits, over a row of optional fields. Each field is fed with a mark for its presence and its length, so
/// that no bytes can move from one field into another without changing the digest.
struct ContentDigest {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The digest of the fields so far, as the bit pattern that SQLite's integers take.
    var value: Int64 { Int64(bitPattern: state) }

    mutating func add(_ text: String?) {
        guard var text else { return addAbsence() }
        addHeader(count: text.utf8.count)
        text.withUTF8 { bytes in for byte in bytes { addByte(byte) } }
    }

    mutating func add(_ bytes: ArraySlice<UInt8>?) {
        guard let bytes else { return addAbsence() }
        addHeader(count: bytes.count)
        bytes.withUnsafeBufferPointer { buffer in for byte in buffer { addByte(byte) } }
    }

    mutating func addByte(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    private mutating func addAbsence() { addByte(0) }

    private mutating func addHeader(count: Int) {
        addByte(1)
        var rest = UInt64(count)
        for _ in 0..<4 {
            addByte(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
