import CZlib

/// Compresses as a sender does.
enum Gzip {
    /// The bytes in gzip; in zlib's own format with 15 bits of window.
    static func compress(_ bytes: [UInt8], windowBits: CInt = 15 + 16) -> [UInt8] {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        var status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK)
        defer { deflateEnd(stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(stream, CUnsignedLong(bytes.count))) + 32)
        let count = bytes.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { buffer in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = CUnsignedInt(input.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = CUnsignedInt(buffer.count)
                status = deflate(stream, Z_FINISH)
                return buffer.count - Int(stream.pointee.avail_out)
            }
        }
        precondition(status == Z_STREAM_END)
        return Array(output[..<count])
    }
}
