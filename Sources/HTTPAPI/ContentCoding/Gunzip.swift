import CZlib

/// Inflates gzip (RFC 1952) with the system's zlib.
enum Gunzip {
    /// What was compressed: the contents of all members, one after the other. Sums and lengths are checked.
    static func inflate(_ bytes: [UInt8], limit: Int) throws(ContentCoding.Failure) -> [UInt8] {
        // zlib keeps the address of its structure and refuses it at another.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot be used: \(status)")
        defer { inflateEnd(stream) }
        return try bytes.withUnsafeBufferPointer { input throws(ContentCoding.Failure) in
            // zlib only reads from there.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = CUnsignedInt(input.count)
            return try members(of: stream, limit: limit)
        }
    }

    private static func members(
        of stream: UnsafeMutablePointer<z_stream>, limit: Int
    ) throws(ContentCoding.Failure) -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32 * 1024)
        while true {
            // One byte more than may come tells that there is more.
            let room = min(chunk.count, limit + 1 - output.count)
            let status = chunk.withUnsafeMutableBufferPointer { buffer in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = CUnsignedInt(room)
                return CZlib.inflate(stream, Z_NO_FLUSH)
            }
            let count = room - Int(stream.pointee.avail_out)
            guard output.count + count <= limit else { throw .tooLarge }
            output += chunk[..<count]
            switch status {
            case Z_STREAM_END where stream.pointee.avail_in == 0: return output
            case Z_STREAM_END: inflateReset(stream)
            // With room left it wants more input than there is.
            case Z_OK where stream.pointee.avail_out == 0: break
            default: throw .damaged
            }
        }
    }

    /// The largest window, and a gzip header (https://zlib.net/manual.html#Advanced).
    private static let windowBits: CInt = 15 + 16
}
