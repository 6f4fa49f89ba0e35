import Configuration
import Glibc

/// A configuration file in YAML, read once. The path `-` is standard input.
struct ConfigurationFile {
    /// Its values.
    let snapshot: any ConfigSnapshot

    /// The most a file may hold, in bytes.
    private static let maximumBytes = 1024 * 1024

    /// What the source of the settings is called, for people.
    static func name(of path: String) -> String { path == "-" ? "standard input" : path }

    /// Reads a file, and refuses keys that are no setting. A file without any setting is refused: it is what a disk that was
    /// full or an editor that was interrupted leaves, and the defaults in its place would remove what was to be kept.
    ///
    /// - Parameter again: whether it was read before, by this process: a pipe cannot be.
    init(path: String, again: Bool = false) throws(ConfigurationError) {
        let read: YAMLSettings
        let bytes = try ConfigurationFile.bytes(of: path, again: again)
        let path = ConfigurationFile.name(of: path)
        do throws(YAMLError) {
            read = try YAMLSettings(bytes)
        } catch {
            throw ConfigurationError(problems: [.init(source: path, explanation: "not usable YAML: \(error)")])
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        var problems: [ConfigurationError.Problem] = []
        for entry in read.entries {
            if let definition = SettingDefinition.named(entry.key) {
                values[AbsoluteConfigKey(ConfigKey(entry.key))] = ConfigValue(
                    ConfigurationFile.content(entry.value, for: definition), isSecret: false)
            } else if let problem = ConfigurationFile.problem(with: entry, path: path) {
                problems.append(problem)
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        guard !values.isEmpty else {
            let explanation =
                "there is no setting in it: is it cut off? Write at least one setting, or name no file to use the defaults"
            throw ConfigurationError(problems: [.init(source: path, explanation: explanation)])
        }
        snapshot = InMemoryProvider(values: values).snapshot()
    }

    /// Waits for a pipe until its writers are done.
    private static func bytes(of path: String, again: Bool) throws(ConfigurationError) -> [UInt8] {
        func unusable(_ reason: String) -> ConfigurationError {
            ConfigurationError(problems: [.init(source: name(of: path), explanation: reason)])
        }
        var status = stat()
        let isKnown = path == "-" ? fstat(STDIN_FILENO, &status) == 0 : stat(path, &status) == 0
        // Before it is opened: that would wait for a writer.
        if again, path == "-" || isKnown && status.st_mode & S_IFMT != S_IFREG {
            throw unusable("is no file that can be read a second time; a restart reads it")
        }
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unusable("cannot be read: " + String(cString: strerror(errno))) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    // Standard input that another program has made non-blocking.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&ready, 1, -1)
                    continue
                }
                throw unusable("cannot be read: " + String(cString: strerror(errno)))
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw unusable("is larger than 1 MiB: not a configuration") }
        }
    }

    /// What is not of the setting's type stays what it is, and is refused when it is looked up.
    private static func content(_ value: YAMLSettings.Value, for definition: SettingDefinition) -> ConfigContent {
        switch value {
        case .list(let scalars): return .stringArray(scalars.map(\.text))
        case .scalar(let scalar):
            if definition.type == .int, let number = scalar.integer { return .int(number) }
            if definition.type == .bool, let value = scalar.boolean { return .bool(value) }
            return .string(scalar.text)
        }
    }

    /// What is wrong with a key that is no setting; its value may be a misplaced secret and is not shown.
    private static func problem(with entry: YAMLSettings.Entry, path: String) -> ConfigurationError.Problem? {
        let keys = SettingDefinition.all.map(\.key)
        let members = keys.filter { $0.hasPrefix(entry.key + ".") }
        guard members.isEmpty else {
            // A section whose members are all commented out.
            if case .scalar(let scalar) = entry.value, scalar.isNothing { return nil }
            return .init(
                source: path, key: entry.key, explanation: "expected a section with " + members.joined(separator: ", "))
        }
        let suggestion = Spelling.nearest(to: entry.key, among: keys)
        return .init(
            source: path, key: entry.key,
            explanation: "there is no such setting" + (suggestion.map { "; did you mean \($0)?" } ?? ""))
    }
}
