/// A piece of a YAML stream, as a parser finds one after the other (YAML 1.2 section 3.1).
struct YAMLEvent {
    /// What there is.
    enum Kind {
        case documentStart, documentEnd, streamEnd
        case mappingStart, mappingEnd
        case sequenceStart, sequenceEnd
        case scalar(YAMLScalar)
        /// `*name`: what was marked `&name` stands here once more.
        case alias
    }

    /// What there is.
    var kind: Kind
    /// The line it begins in, from 1.
    var line: Int
}

/// Why a text is not usable YAML.
struct YAMLError: Error, CustomStringConvertible {
    /// The line, from 1; nil where no line is to blame.
    var line: Int?
    /// What is wrong.
    var explanation: String

    /// `line LINE: EXPLANATION`.
    var description: String { (line.map { "line \($0): " } ?? "") + explanation }
}
