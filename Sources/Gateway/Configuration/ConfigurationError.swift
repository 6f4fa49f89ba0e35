/// Why the settings cannot be used: one or more problems.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Where it was written: a file's path, "environment" or "command line".
        public var source: String
        /// The key, variable or flag, where it is about one.
        public var key: String?
        /// What was written, where that is no secret.
        public var value: String?
        /// What is wrong, or what was expected.
        public var explanation: String

        init(source: String, key: String? = nil, value: String? = nil, explanation: String) {
            self.source = source
            self.key = key
            self.value = value
            self.explanation = explanation
        }

        /// `SOURCE: KEY: "VALUE": EXPLANATION`, in one line.
        public var description: String {
            [source, key, value.map { "\"\(PlainText.escaped($0))\"" }, explanation]
                .compactMap(\.self).joined(separator: ": ")
        }
    }

    /// The problems, at least one.
    public var problems: [Problem]

    /// One line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
