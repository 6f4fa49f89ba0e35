/// The names of files as SQLite's URIs (https://www.sqlite.org/uri.html section 3.1).
enum FileURI {
    /// The URI of a path, with parameters such as `mode=ro`.
    static func text(_ path: String, parameters: String) -> String {
        var text = "file:"
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            if isPlain || scalar == "/" || scalar == "." || scalar == "-" || scalar == "_" {
                text.unicodeScalars.append(scalar)
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text + "?" + parameters
    }
}
