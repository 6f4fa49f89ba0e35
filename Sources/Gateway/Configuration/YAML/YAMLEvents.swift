import CYAML

/// The events of a YAML stream, one after the other, by libyaml.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The text, which libyaml reads from where it lies.
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// The events of a text, which may be UTF-8, or UTF-16 with a byte order mark.
    init(_ bytes: [UInt8]) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) != 0 else {
            parser.deallocate()
            input.deallocate()
            throw YAMLError(explanation: "there is no memory to read it")
        }
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. After the end of the stream the end comes again.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(parser, &event) != 0 else { throw problem }
            defer { yaml_event_delete(&event) }
            if let kind = YAMLEvents.kind(of: event) {
                return YAMLEvent(kind: kind, line: event.start_mark.line + 1)
            }
        }
    }

    /// Nil for what means nothing.
    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind? {
        switch event.type {
        case YAML_STREAM_START_EVENT: nil
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: .scalar(YAMLScalar(event))
        default: .streamEnd
        }
    }

    /// Why libyaml stopped.
    private var problem: YAMLError {
        let error = parser.pointee
        let reason = error.problem.map { String(cString: $0) } ?? "it cannot be read"
        guard error.error == YAML_READER_ERROR else {
            let context = error.context.map { " " + String(cString: $0) } ?? ""
            return YAMLError(line: error.problem_mark.line + 1, explanation: reason + context)
        }
        let before = input.prefix(error.problem_offset)
        return YAMLError(line: before.count { $0 == UInt8(ascii: "\n") } + 1, explanation: reason)
    }
}

extension YAMLScalar {
    fileprivate init(_ event: yaml_event_t) {
        let scalar = event.data.scalar
        text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let tag = scalar.tag.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }.map(String.init(cString:))
        isText = scalar.style != YAML_PLAIN_SCALAR_STYLE || ["!", "tag:yaml.org,2002:str"].contains(tag)
    }
}
