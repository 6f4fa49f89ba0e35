/// ISO 8859-1, whose bytes are the first 256 Unicode scalars.
enum Latin1 {
    /// The same text in UTF-8, at most twice as long.
    static func utf8(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count { $0 >= 0x80 })
        for byte in bytes {
            if byte < 0x80 {
                output.append(byte)
            } else {
                output.append(0xC0 | byte >> 6)
                output.append(0x80 | byte & 0x3F)
            }
        }
        return output
    }
}
