import NIOHTTP1

/// What `Forwarded` says (RFC 7239): one element for each proxy on the way, that of the client's own connection first.
struct ForwardedField: Sendable, Hashable {
    /// What one proxy says of the request that it got.
    struct Element: Sendable, Hashable {
        /// `for`: an address with or without a port, `unknown`, or an obfuscated identifier.
        var client: String?
        /// `host`: what `Host` was.
        var host: String?
        /// `proto`: the scheme.
        var scheme: String?
    }

    /// The elements in their order, empty ones left out.
    let elements: [Element]

    /// Reads the field; nil if it is absent or malformed. Half of a malformed field could say the opposite of the whole.
    init?(_ headers: HTTPHeaders) {
        let values = headers["Forwarded"]
        guard !values.isEmpty, let elements = ForwardedField.parse(values.joined(separator: ",")) else { return nil }
        self.elements = elements
    }

    private static func parse(_ text: String) -> [Element]? {
        var reader = Reader(rest: text.utf8[...])
        var elements: [Element] = []
        while true {
            guard let parameters = reader.element() else { return nil }
            if !parameters.isEmpty {
                elements.append(
                    Element(client: parameters["for"], host: parameters["host"], scheme: parameters["proto"]))
            }
            guard reader.skip(UInt8(ascii: ",")) else { break }
        }
        return reader.rest.isEmpty ? elements : nil
    }

    /// Reads the grammar of RFC 7239 section 4, with blanks where proxies write them and, outside of quotes, with the colons
    /// and brackets that the grammar wants quoted.
    private struct Reader {
        var rest: Substring.UTF8View

        /// The parameters of an element by their names in lower case; nil if it is malformed or names one twice.
        mutating func element() -> [String: String]? {
            var parameters: [String: String] = [:]
            repeat {
                skipBlanks()
                guard let first = rest.first, first != UInt8(ascii: ","), first != UInt8(ascii: ";") else { continue }
                let name = take { $0 != UInt8(ascii: "=") && Self.isPlain($0) }.lowercased()
                guard !name.isEmpty, skip(UInt8(ascii: "=")), let value = value() else { return nil }
                guard parameters.updateValue(value, forKey: name) == nil else { return nil }
                skipBlanks()
            } while skip(UInt8(ascii: ";"))
            return parameters
        }

        private mutating func value() -> String? {
            guard skip(UInt8(ascii: "\"")) else {
                let value = take(while: Self.isPlain)
                return value.isEmpty ? nil : value
            }
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = rest.popFirst() else { return nil }
                    bytes.append(escaped)
                default: bytes.append(byte)
                }
            }
            return nil
        }

        mutating func skip(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func skipBlanks() {
            while let byte = rest.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { rest.removeFirst() }
        }

        private mutating func take(while isWanted: (UInt8) -> Bool) -> String {
            let taken = rest.prefix(while: isWanted)
            rest = rest[taken.endIndex...]
            return String(Substring(taken))
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""): false
            default: byte > 0x20 && byte < 0x7F
            }
        }
    }
}
