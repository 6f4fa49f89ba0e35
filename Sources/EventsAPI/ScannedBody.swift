import WireJSON

/// A body together with the places of its members: what every reading of an event starts from.
struct ScannedBody: Sendable {
    let bytes: [UInt8]
    let members: EventMembers

    init(_ bytes: [UInt8]) throws(JSONError) {
        self.bytes = bytes
        members = try EventMembers(scanning: bytes)
    }

    /// Reads a body in UTF-8, or else in ISO 8859-1: some clients send text that fits into it so (Python's http.client does with
    /// a body that is a text). Everything that is not in strings is ASCII, so only what fails on its UTF-8 can be meant.
    static func reading(_ bytes: [UInt8]) throws(JSONError) -> (body: ScannedBody, isLatin1: Bool) {
        do {
            return (try ScannedBody(bytes), false)
        } catch {
            guard error.problem == .malformedUTF8 else { throw error }
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            return (try ScannedBody(Latin1.utf8(bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0))), true)
        }
    }

    /// The text of a member where a string is wanted, or nil where it is blank: absent, null, an array or object, empty
    /// or nothing but White_Space. A number or boolean is its JSON text (events-api.md section 3, rule 7).
    func text(_ token: JSONToken?) -> String? {
        guard let text = possiblyEmptyText(token), !Text.isBlank(text) else { return nil }
        return text
    }

    /// As `text`, but an empty or white string is a text too.
    func possiblyEmptyText(_ token: JSONToken?) -> String? {
        guard let token else { return nil }
        return switch token.kind {
        case .string: JSONString.decode(token, in: bytes)
        case .number, .true, .false: String(decoding: bytes[token.range], as: UTF8.self)
        case .null, .array, .object: nil
        }
    }

    /// The bytes of a member as they came, or nil where it is absent or null.
    func json(_ token: JSONToken?) -> ArraySlice<UInt8>? {
        guard let token, token.kind != .null else { return nil }
        return bytes[token.range]
    }
}
