/// Time spans as they are typed: `90s`, `1h30m`, `2d`.
enum TimeSpan {
    /// The greatest first, as they stand in the text, each at most once.
    private static let units: [(letter: Character, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
    /// As many digits are more than any span that is taken has, and few enough that nothing overflows.
    private static let maximumDigits = 9

    /// The seconds of a span; nil for any other text.
    static func seconds(in text: String) -> Int64? {
        guard !text.isEmpty else { return nil }
        var rest = Substring(text)
        var total: Int64 = 0
        for unit in units {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty, rest.dropFirst(digits.count).first == unit.letter else { continue }
            guard digits.utf8.count <= maximumDigits, let number = Int64(digits) else { return nil }
            total += number * unit.seconds
            rest = rest.dropFirst(digits.count + 1)
        }
        return rest.isEmpty ? total : nil
    }
}
