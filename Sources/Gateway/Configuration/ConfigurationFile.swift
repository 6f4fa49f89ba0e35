import Configuration
import FoundationEssentials
import Glibc
import Synchronization

/// A configuration file in YAML, read once.
struct ConfigurationFile {
    /// Where it is.
    let path: String
    /// Its values.
    let snapshot: (any ConfigSnapshot)?

    /// The most a file may hold, in bytes.
    private static let maximumBytes = 1024 * 1024

    /// Reads a file, and refuses keys that are no setting. A file without any setting in it is good.
    init(path: String) throws(ConfigurationError) {
        self.path = path
        let bytes = try ConfigurationFile.bytes(of: path)
        guard ConfigurationFile.holdsAnything(bytes) else {
            snapshot = nil
            return
        }
        // A snapshot does not list its keys, but it asks for each of them whether it is secret.
        let keys = Recorder()
        let read: YAMLSnapshot
        do {
            read = try YAMLSnapshot(
                data: bytes.span.bytes, providerName: path,
                parsingOptions: .init(
                    secretsSpecifier: .dynamic { key, _ in
                        keys.add(key)
                        return false
                    }))
        } catch {
            let reason = "\(error)".split(separator: "\n").joined(separator: " ")
            throw ConfigurationError(problems: [.init(source: path, explanation: "not usable YAML: \(reason)")])
        }
        snapshot = read
        let problems = keys.all.compactMap { ConfigurationFile.problem(with: $0, in: read, path: path) }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    }

    private static func bytes(of path: String) throws(ConfigurationError) -> [UInt8] {
        func unusable(_ reason: String) -> ConfigurationError {
            ConfigurationError(problems: [.init(source: path, explanation: reason)])
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unusable("cannot be read: " + String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw unusable("cannot be read: " + String(cString: strerror(errno)))
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw unusable("is larger than 1 MiB: not a configuration") }
        }
    }

    /// Whether there is more than comments: the library refuses a document without a mapping.
    private static func holdsAnything(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
            return !text.isEmpty && text.first != UInt8(ascii: "#") && !text.elementsEqual("---".utf8)
        }
    }

    /// What is wrong with a key; its value may be a misplaced secret and is not shown.
    private static func problem(
        with key: String, in snapshot: YAMLSnapshot, path: String
    ) -> ConfigurationError.Problem? {
        if SettingDefinition.named(key) != nil { return nil }
        let members = SettingDefinition.all.map(\.key).filter { $0.hasPrefix(key + ".") }
        if !members.isEmpty {
            if isNothing(key, in: snapshot) { return nil }
            return .init(
                source: path, key: key,
                explanation: "expected a section with " + members.joined(separator: ", "))
        }
        let suggestion = Spelling.nearest(to: key, among: SettingDefinition.all.map(\.key))
        return .init(
            source: path, key: key,
            explanation: "there is no such setting" + (suggestion.map { "; did you mean \($0)?" } ?? ""))
    }

    /// Whether a key has no value, as a section has whose members are all commented out.
    static func isNothing(_ key: String, in snapshot: any ConfigSnapshot) -> Bool {
        do {
            let value = try snapshot.value(forKey: AbsoluteConfigKey(ConfigKey(key)), type: .string).value
            guard case .string(let text) = value?.content else { return false }
            return ["", "~", "null"].contains(text)
        } catch {
            return false
        }
    }

    /// The keys that were asked for, in order.
    private final class Recorder: Sendable {
        private let keys = Mutex<[String]>([])

        func add(_ key: String) { keys.withLock { $0.append(key) } }

        var all: [String] { keys.withLock { $0.sorted() } }
    }
}
