import Alerting
import ArgumentParser

/// Why a silence is set, or an inhibition rule made, as it is typed.
struct SilenceComment: ExpressibleByArgument {
    /// At most 1024 characters; may be empty.
    var text: String

    init?(argument text: String) {
        guard TextLimit.comment.allows(text) else { return nil }
        self.text = text
    }
}
