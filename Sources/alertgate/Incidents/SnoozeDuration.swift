import ArgumentParser

/// A time span as it is typed: `90s`, `1h30m`, `2d`.
struct SnoozeDuration: ExpressibleByArgument {
    /// 1 second to 7 days (rest-api.md section 5.7).
    var seconds: Int64

    private static let range: ClosedRange<Int64> = 1...604_800
    /// The greatest first, as they stand in the text, each at most once.
    private static let units: [(letter: Character, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

    init?(argument text: String) {
        var rest = Substring(text)
        var total: Int64 = 0
        for unit in SnoozeDuration.units {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty, rest.dropFirst(digits.count).first == unit.letter else { continue }
            // Nothing longer is within the range.
            guard digits.utf8.count <= 6, let number = Int64(digits) else { return nil }
            total += number * unit.seconds
            rest = rest.dropFirst(digits.count + 1)
        }
        guard rest.isEmpty, SnoozeDuration.range.contains(total) else { return nil }
        seconds = total
    }
}
