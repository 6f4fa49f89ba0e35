/// The settings in a YAML file: sections of names, down to values and lists of values.
///
/// What a configuration has no use for is refused, so that nothing in it can be meant otherwise than it is read, nor cost
/// much: names that stand twice, aliases, lists of lists, a second document.
struct YAMLSettings {
    /// One setting, as it is written.
    struct Entry {
        /// Its name after those of its sections, parted by dots.
        var key: String
        /// What is written.
        var value: Value
    }

    /// What is written for a setting.
    enum Value {
        case scalar(YAMLScalar)
        case list([YAMLScalar])
    }

    /// The settings, in the order of the file.
    private(set) var entries: [Entry] = []

    /// The lines in which names stand.
    private var lines: [String: Int] = [:]

    /// How deep sections may lie in sections.
    private static let maximumDepth = 4
    /// The most names, and the longest one in bytes.
    private static let maximumNames = (count: 1000, length: 100)

    /// Reads a file's bytes. A file without any setting has no entries.
    init(_ bytes: [UInt8]) throws(YAMLError) {
        var events = try YAMLEvents(bytes)
        guard case .documentStart = try events.next().kind else { return }
        let root = try events.next()
        switch root.kind {
        case .mappingStart: try readSection("", depth: 1, &events)
        case .scalar(let scalar) where scalar.isNothing && !scalar.isText: break
        default: throw YAMLError(line: root.line, explanation: "expected settings, each as `name: value`")
        }
        // The end of the document, which the parser has seen to.
        _ = try events.next()
        let end = try events.next()
        guard case .streamEnd = end.kind else {
            throw YAMLError(line: end.line, explanation: "a second document begins here; all settings belong in one")
        }
    }

    /// Reads what is in a mapping, and its end.
    private mutating func readSection(_ prefix: String, depth: Int, _ events: inout YAMLEvents) throws(YAMLError) {
        while true {
            let name = try events.next()
            switch name.kind {
            case .mappingEnd: return
            case .scalar(let scalar):
                let key = prefix + (try checked(scalar.text, after: prefix, line: name.line))
                let value = try events.next()
                if case .mappingStart = value.kind {
                    guard depth < YAMLSettings.maximumDepth else {
                        throw YAMLError(line: value.line, explanation: "sections lie deeper here than any setting does")
                    }
                    try readSection(key + ".", depth: depth + 1, &events)
                } else {
                    entries.append(Entry(key: key, value: try readValue(value, &events)))
                }
            case .alias: throw YAMLSettings.aliasError(name)
            default: throw YAMLError(line: name.line, explanation: "expected the name of a setting or section")
            }
        }
    }

    /// A name that may stand here.
    private mutating func checked(_ name: String, after prefix: String, line: Int) throws(YAMLError) -> String {
        guard name.utf8.count <= YAMLSettings.maximumNames.length else {
            throw YAMLError(line: line, explanation: "this name is longer than that of any setting")
        }
        if let first = lines.updateValue(line, forKey: prefix + name) {
            throw YAMLError(line: line, explanation: "\(prefix)\(name) is already set in line \(first)")
        }
        guard lines.count <= YAMLSettings.maximumNames.count else {
            throw YAMLError(line: line, explanation: "the file has more names than settings exist")
        }
        return name
    }

    private func readValue(_ event: YAMLEvent, _ events: inout YAMLEvents) throws(YAMLError) -> Value {
        switch event.kind {
        case .scalar(let scalar): return .scalar(scalar)
        case .sequenceStart: break
        default: throw YAMLSettings.aliasError(event)
        }
        var list: [YAMLScalar] = []
        while true {
            let element = try events.next()
            switch element.kind {
            case .scalar(let scalar): list.append(scalar)
            case .sequenceEnd: return .list(list)
            case .alias: throw YAMLSettings.aliasError(element)
            default: throw YAMLError(line: element.line, explanation: "a list may hold values only")
            }
        }
    }

    private static func aliasError(_ event: YAMLEvent) -> YAMLError {
        YAMLError(line: event.line, explanation: "aliases (*name) are not supported; write out what it stands for")
    }
}
