import ArgumentParser

/// Why a silence is set, or an inhibition rule made, as it is typed.
struct SilenceComment: ExpressibleByArgument {
    /// At most 1024 characters; may be empty.
    var text: String

    private static let maximumScalars = 1024

    init?(argument text: String) {
        guard text.unicodeScalars.count <= SilenceComment.maximumScalars else { return nil }
        self.text = text
    }
}
