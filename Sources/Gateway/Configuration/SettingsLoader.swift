import Configuration
import Glibc
import HTTPAPI

/// Brings the settings together: command line over environment over file over defaults.
public struct SettingsLoader: Sendable {
    /// The configuration file; `-` is standard input, nil is none.
    public var file: String?
    /// The environment's variables.
    public var environment: [String: String]
    /// What stood on the command line, by setting: more than one text only for a list.
    public var flags: [String: [String]]

    /// A loader of these sources. The flags are named like the settings (`log.level`).
    public init(file: String? = nil, environment: [String: String] = [:], flags: [String: [String]] = [:]) {
        self.file = file
        self.environment = environment
        self.flags = flags
    }

    /// Reads every source, and checks every value. Throws everything that is wrong at once. Reads the file on the calling
    /// thread, and waits for it if it is a pipe.
    ///
    /// - Parameter again: whether this process has read the file before. One that is no regular file is refused then.
    public func load(again: Bool = false) throws(ConfigurationError) -> Settings {
        var sources = [commandLine(), environmentVariables()]
        if let file {
            let snapshot = try ConfigurationFile(path: file, again: again).snapshot
            sources.append(
                Source(
                    name: ConfigurationFile.name(of: file), snapshot: snapshot, label: \.key,
                    key: { ConfigKey($0.key) }))
        }
        var settings = Settings()
        var problems: [ConfigurationError.Problem] = []
        for definition in SettingDefinition.all {
            do throws(Refused) {
                for source in sources where try source.apply(definition, to: &settings) { break }
            } catch {
                problems.append(error.problem)
            }
        }
        problems += inconsistencies(of: settings)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return settings
    }

    /// Variables that look like settings and are none. They are no error: an orchestrator may set such names by itself.
    public var unknownVariables: [String] {
        let known = Set(SettingDefinition.all.map(\.environmentVariable) + SettingsLoader.otherVariables)
        return environment.keys.filter { $0.hasPrefix("ALERTGATE_") && !known.contains($0) }.sorted()
    }

    /// Variables that the command line reads besides the settings.
    private static let otherVariables = [
        "ALERTGATE_CONFIG", "ALERTGATE_URL", "ALERTGATE_TOKEN", "ALERTGATE_INTEGRATION_KEY",
    ]

    private func inconsistencies(of settings: Settings) -> [ConfigurationError.Problem] {
        var problems: [ConfigurationError.Problem] = []
        let source = source
        if (settings.tls.certificate == nil) != (settings.tls.key == nil) {
            let (present, absent) =
                settings.tls.key == nil ? ("tls.certificate", "tls.key") : ("tls.key", "tls.certificate")
            problems.append(
                .init(source: source, key: absent, explanation: "expected the path of a PEM file, as \(present) is set")
            )
        }
        for (key, path) in [("tls.certificate", settings.tls.certificate), ("tls.key", settings.tls.key)] {
            guard let path, access(path, R_OK) != 0 else { continue }
            let reason = String(cString: strerror(errno))
            problems.append(
                .init(source: source, key: key, value: path, explanation: "expected a file that can be read: \(reason)")
            )
        }
        if let conflict = PathPrefix.conflict(of: settings.api.pathPrefix) {
            problems.append(
                .init(
                    source: source, key: "api.path_prefix", value: settings.api.pathPrefix,
                    explanation: "expected a path that hides none of the gateway's: \(conflict)"))
        }
        return problems + addressProblems(of: settings, source: source)
    }

    /// Where what is wrong with the settings together is said to be.
    var source: String { file.map { ConfigurationFile.name(of: $0) } ?? "settings" }

    private func addressProblems(of settings: Settings, source: String) -> [ConfigurationError.Problem] {
        var problems: [ConfigurationError.Problem] = []
        let hasCertificate = settings.tls.certificate != nil || settings.tls.key != nil
        var places: [ListenAddress] = []
        for (key, addresses) in [("listen", settings.listen), ("admin.listen", settings.admin.listen)] {
            let written = addresses.map(\.description).joined(separator: ", ")
            var isRepeated = false
            for address in addresses {
                if places.contains(where: address.overlaps) { isRepeated = true }
                places.append(address)
            }
            if isRepeated {
                problems.append(
                    .init(
                        source: source, key: key, value: written,
                        explanation: "expected each address once"
                            + (key == "listen" ? "" : ", and none that stands under listen")
                            + "; 0.0.0.0 takes a port on every IPv4 address, [::] on all addresses"))
            }
            for address in addresses where address.scheme == .https && !hasCertificate {
                problems.append(
                    .init(
                        source: source, key: key, value: address.description,
                        explanation: "expected tls.certificate and tls.key to be set, as this address is to speak TLS"))
            }
        }
        if !settings.admin.listen.isEmpty, settings.http.maxConnections < 4 {
            problems.append(
                .init(
                    source: source, key: "http.max_connections", value: "\(settings.http.maxConnections)",
                    explanation: "expected at least 4, as a quarter is kept for admin.listen"))
        }
        return problems
    }

    private func commandLine() -> Source {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, texts) in flags {
            guard let definition = SettingDefinition.named(key) else {
                preconditionFailure("a flag sets \(key), which is no setting")
            }
            values[AbsoluteConfigKey(ConfigKey(key))] = ConfigValue(content(texts, for: definition), isSecret: false)
        }
        return Source(
            name: "command line", snapshot: InMemoryProvider(values: values).snapshot(), label: \.key,
            key: { ConfigKey($0.key) })
    }

    /// Text that is not of the setting's type stays text, and is refused when it is looked up.
    private func content(_ texts: [String], for definition: SettingDefinition) -> ConfigContent {
        let text = texts.last ?? ""
        switch definition.type {
        case .stringArray: return .stringArray(texts)
        case .int: return Int(text).map { .int($0) } ?? .string(text)
        case .bool: return Bool(text).map { .bool($0) } ?? .string(text)
        default: return .string(text)
        }
    }

    /// A variable that is set to nothing is taken for one that is not set, as shells and unit files have it.
    private func environmentVariables() -> Source {
        let provider = EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty })
        return Source(
            name: "environment", snapshot: provider.snapshot(), label: \.environmentVariable,
            key: { ConfigKey($0.environmentVariable.lowercased().split(separator: "_").map(String.init)) })
    }
}

/// A place where settings stand.
private struct Source {
    let name: String
    let snapshot: any ConfigSnapshot
    /// What the setting is called there, for messages.
    let label: KeyPath<SettingDefinition, String>
    /// What it is looked up by.
    let key: (SettingDefinition) -> ConfigKey

    /// Takes the setting from here if it is here, and says whether it was.
    func apply(_ definition: SettingDefinition, to settings: inout Settings) throws(Refused) -> Bool {
        let key = AbsoluteConfigKey(key(definition))
        let written = written(key)
        guard let written else { return false }
        // Nothing written is the default where nothing can be one; elsewhere it is a mistake, and refused below.
        if ["", "~", "null"].contains(written), ["", "auto", "[]"].contains(definition.show(Settings())) {
            return true
        }
        do {
            if let content = try snapshot.value(forKey: key, type: definition.type).value?.content,
                definition.apply(content, &settings)
            {
                return true
            }
        } catch {
            // The value is of another type: the message below says which one was expected.
        }
        throw Refused(
            problem: .init(
                source: name, key: definition[keyPath: label], value: written,
                explanation: "expected \(definition.expectation)"))
    }

    /// What is written for a key, a list with commas; nil where nothing is.
    private func written(_ key: AbsoluteConfigKey) -> String? {
        for type in [ConfigType.string, .int, .bool, .stringArray] {
            do {
                switch try snapshot.value(forKey: key, type: type).value?.content {
                case .none: return nil
                case .string(let text): return text
                case .int(let number): return "\(number)"
                case .bool(let value): return "\(value)"
                case .stringArray(let texts): return texts.joined(separator: ", ")
                default: continue
                }
            } catch {
                // It is of another type; the next one may fit.
                continue
            }
        }
        return "?"
    }
}

private struct Refused: Error {
    var problem: ConfigurationError.Problem
}
