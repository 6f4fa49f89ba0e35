/// The `Authorization` header of the admin API (rest-api.md section 2).
enum Authorization {
    /// The token's secret in `Token token=<t>`, `Token <t>` or `Bearer <t>`, each with or without quotes; the scheme in
    /// any case (RFC 9110 section 11.1). Nil for anything else.
    static func secret(in header: String?) -> [UInt8]? {
        guard let header else { return nil }
        let words = header.utf8.split(maxSplits: 1, whereSeparator: isBlank)
        guard words.count == 2 else { return nil }
        var rest = trimmed(words[1])
        switch lowercased(words[0]) {
        case "token":
            let name = "token=".utf8
            if lowercased(rest.prefix(name.count)).utf8.elementsEqual(name) {
                rest = trimmed(rest.dropFirst(name.count))
            }
        case "bearer": break
        default: return nil
        }
        let quote = UInt8(ascii: "\"")
        if rest.count >= 2, rest.first == quote, rest.last == quote { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, !rest.contains(where: isBlank) else { return nil }
        return Array(rest)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    private static func lowercased(_ text: Substring.UTF8View) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }
}
