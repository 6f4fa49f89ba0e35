extension AlertGrouping {
    /// What alerts are compared by: one of `standard`, or a detail such as `custom_details.host`.
    public struct Field: RawRepresentable, Hashable, Sendable {
        /// Its name.
        public let rawValue: String

        /// The field of that name; nil where there is none.
        public init?(rawValue: String) {
            guard Field.names.contains(rawValue) || Field.isDetail(rawValue) else { return nil }
            self.rawValue = rawValue
        }

        private init(_ name: String) { rawValue = name }

        /// `payload.summary`, or `description` in V1.
        public static let summary = Field("summary")
        /// `payload.source`.
        public static let source = Field("source")
        /// `payload.component`.
        public static let component = Field("component")
        /// `payload.group`.
        public static let group = Field("group")
        /// `payload.class`.
        public static let `class` = Field("class")
        /// `payload.severity`.
        public static let severity = Field("severity")
        /// `client`.
        public static let client = Field("client")

        /// Those that are no details.
        public static let standard: [Field] = [summary, source, component, group, `class`, severity, client]
        private static let names = Set(standard.map(\.rawValue))

        private static let detailPrefix = "custom_details."
        /// How many Unicode scalars the key of a detail may have.
        public static let maximumDetailKey = 255

        private static func isDetail(_ name: String) -> Bool {
            name.hasPrefix(detailPrefix)
                && (1...maximumDetailKey).contains(name.dropFirst(detailPrefix.count).unicodeScalars.count)
        }

        /// The key among the details; nil where it is no detail.
        public var detail: String? {
            Field.isDetail(rawValue) ? String(rawValue.dropFirst(Field.detailPrefix.count)) : nil
        }
    }
}
