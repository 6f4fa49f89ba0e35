import Alerting
import WireJSON

/// The stored form of what the operator does to tokens. Of a token only its SHA-256 is stored, in lower-case hexadecimal.
enum TokenForm {
    static func writeCreation(_ command: Action.Command, to writer: inout StoredWriter) {
        guard case .createToken(let name, let hash, let isReadOnly, let email) = command else {
            preconditionFailure("only create_token is written here")
        }
        writer.add("name", name)
        writer.add("hash", hexadecimal(hash))
        writer.add("read_only", isReadOnly)
        writer.add("email", email)
    }

    static func creation(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        guard let hash = bytes(try reader.text("hash")) else { throw StoredFormError("the hash is not hexadecimal") }
        return .createToken(
            name: try reader.text("name"), hash: hash, isReadOnly: try reader.flag("read_only"),
            email: try reader.optionalText("email"))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        guard values.count % 2 == 0, !values.contains(nil) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { place in
            UInt8((values[place] ?? 0) << 4 | (values[place + 1] ?? 0))
        }
    }
}
