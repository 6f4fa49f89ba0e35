import ArgumentParser

/// How long a silence lasts, as it is typed: `90s`, `2h`, `1d`.
struct SilenceDuration: ExpressibleByArgument {
    /// 1 second to 366 days.
    var seconds: Int64

    private static let range: ClosedRange<Int64> = 1...31_622_400

    init?(argument text: String) {
        guard let seconds = TimeSpan.seconds(in: text), SilenceDuration.range.contains(seconds) else { return nil }
        self.seconds = seconds
    }
}
