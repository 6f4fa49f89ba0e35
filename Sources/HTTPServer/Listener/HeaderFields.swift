import NIOHTTP1

extension HTTPHeaders {
    /// The same fields, without the blanks behind their values, which are no part of them (RFC 9112 section 5.1). The
    /// parser leaves them there.
    var trimmed: HTTPHeaders {
        guard contains(where: { Self.isBlank($0.value.utf8.last) }) else { return self }
        return HTTPHeaders(
            map { name, value in
                let end = value.utf8.lastIndex { !Self.isBlank($0) }
                return (name, end.map { String(value[...$0]) } ?? "")
            })
    }

    private static func isBlank(_ byte: UInt8?) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
