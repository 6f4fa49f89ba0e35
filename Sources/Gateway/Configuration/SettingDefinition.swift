import Configuration

/// One setting: its name, what may be written, and which value of `Settings` it is.
public struct SettingDefinition: Sendable {
    /// Its name in the file, sections separated by dots: `events.rate_limit`.
    public let key: String
    /// The environment variable that sets it.
    public let environmentVariable: String
    /// What may be written, for messages: "a whole number from 0 to 10".
    public let expectation: String
    /// Whether a reload makes a change of it good; otherwise a restart does.
    public let isReloadable: Bool
    /// Whether the value is a secret: then it is shown nowhere.
    public let isSecret: Bool

    /// The type it is looked up as.
    let type: ConfigType
    /// Puts what was written into the settings; false where it is not what is expected.
    let apply: @Sendable (ConfigContent, inout Settings) -> Bool
    /// The value as it would stand in the file.
    let show: @Sendable (Settings) -> String
    /// Gives the second settings the value that the first have.
    let copy: @Sendable (Settings, inout Settings) -> Void

    init(
        _ key: String, environmentVariable: String? = nil, expects expectation: String, reloads: Bool,
        isSecret: Bool = false, type: ConfigType,
        apply: @escaping @Sendable (ConfigContent, inout Settings) -> Bool,
        show: @escaping @Sendable (Settings) -> String,
        copy: @escaping @Sendable (Settings, inout Settings) -> Void
    ) {
        self.key = key
        self.environmentVariable =
            environmentVariable ?? "ALERTGATE_" + key.uppercased().split(separator: ".").joined(separator: "_")
        self.expectation = expectation
        self.isReloadable = reloads
        self.isSecret = isSecret
        self.type = type
        self.apply = apply
        self.show = show
        self.copy = copy
    }

    /// The value as it would stand in the file; of a secret only whether there is one.
    public func value(in settings: Settings) -> String {
        let value = show(settings)
        return isSecret && !value.isEmpty ? "(secret)" : value
    }

    /// The settings that differ, in the order of the file.
    public static func changed(from old: Settings, to new: Settings) -> [SettingDefinition] {
        all.filter { $0.show(old) != $0.show(new) }
    }

    /// What is in force after a reload: what a restart alone changes stays as it is in `running`.
    public static func inForce(_ running: Settings, afterReloading next: Settings) -> Settings {
        var result = next
        for definition in all where !definition.isReloadable { definition.copy(running, &result) }
        return result
    }

    static func named(_ key: String) -> SettingDefinition? {
        all.first { $0.key == key }
    }
}

extension SettingDefinition {
    typealias Place<Value> = WritableKeyPath<Settings, Value> & Sendable

    private static func copier<Value>(_ place: Place<Value>) -> @Sendable (Settings, inout Settings) -> Void {
        { $1[keyPath: place] = $0[keyPath: place] }
    }

    static func integer(
        _ key: String, _ place: Place<Int>, in range: ClosedRange<Int>, unit: String, reloads: Bool
    ) -> SettingDefinition {
        SettingDefinition(
            key, expects: "a whole number from \(range.lowerBound) to \(range.upperBound) (\(unit))", reloads: reloads,
            type: .int,
            apply: { content, settings in
                guard case .int(let number) = content, range.contains(number) else { return false }
                settings[keyPath: place] = number
                return true
            },
            show: { "\($0[keyPath: place])" }, copy: copier(place))
    }

    static func boolean(_ key: String, _ place: Place<Bool>, reloads: Bool) -> SettingDefinition {
        SettingDefinition(
            key, expects: "true or false", reloads: reloads, type: .bool,
            apply: { content, settings in
                guard case .bool(let value) = content else { return false }
                settings[keyPath: place] = value
                return true
            },
            show: { "\($0[keyPath: place])" }, copy: copier(place))
    }

    /// A setting of text that is read into a value; `nil` from `read` refuses it.
    static func text<Value>(
        _ key: String, environmentVariable: String? = nil, _ place: Place<Value>, expects expectation: String,
        reloads: Bool, read: @escaping @Sendable (String) -> Value?, show: @escaping @Sendable (Value) -> String
    ) -> SettingDefinition {
        SettingDefinition(
            key, environmentVariable: environmentVariable, expects: expectation, reloads: reloads, type: .string,
            apply: { content, settings in
                guard case .string(let text) = content, let value = read(text) else { return false }
                settings[keyPath: place] = value
                return true
            },
            show: { show($0[keyPath: place]) }, copy: copier(place))
    }

    /// A list of texts, each of which is read into an element; `nil` from `read` refuses the list.
    static func list<Element: CustomStringConvertible & SendableMetatype>(
        _ key: String, _ place: Place<[Element]>, expects expectation: String, reloads: Bool, mayBeEmpty: Bool,
        read: @escaping @Sendable (String) -> Element?
    ) -> SettingDefinition {
        SettingDefinition(
            key, expects: expectation, reloads: reloads, type: .stringArray,
            apply: { content, settings in
                guard case .stringArray(let texts) = content, mayBeEmpty || !texts.isEmpty else { return false }
                let elements = texts.compactMap(read)
                guard elements.count == texts.count else { return false }
                settings[keyPath: place] = elements
                return true
            },
            show: { "[" + $0[keyPath: place].map { "\"\($0)\"" }.joined(separator: ", ") + "]" },
            copy: copier(place))
    }

    /// One of the names of an enumeration.
    static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ key: String, _ place: Place<Value>, reloads: Bool
    ) -> SettingDefinition {
        text(
            key, place, expects: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "), reloads: reloads,
            read: { Value(rawValue: $0) }, show: { $0.rawValue })
    }
}
